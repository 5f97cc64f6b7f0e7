# mistake: forgets the minus
# caught: check_predict_first_loss
# says: The sign
first_loss = math.log(0.1)
