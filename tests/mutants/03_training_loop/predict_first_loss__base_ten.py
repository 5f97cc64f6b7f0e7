# mistake: takes the logarithm to base 10
# caught: check_predict_first_loss
# says: logarithm to base 10
first_loss = math.log10(10)
