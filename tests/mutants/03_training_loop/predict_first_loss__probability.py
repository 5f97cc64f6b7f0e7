# mistake: gives the probability and not its logarithm
# caught: check_predict_first_loss
# says: That is the probability itself
first_loss = 0.1
