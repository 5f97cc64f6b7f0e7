# mistake: takes the logarithm to base 2
# caught: check_predict_first_loss
# says: logarithm to base 2
first_loss = math.log2(10)
