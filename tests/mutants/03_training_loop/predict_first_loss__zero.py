# mistake: thinks that a fresh net has no loss yet
# caught: check_predict_first_loss
# says: This one guesses
first_loss = 0.0
