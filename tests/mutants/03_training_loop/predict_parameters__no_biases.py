# mistake: counts the weights and forgets the biases
# caught: check_predict_parameters
# says: does each output of a Linear not have a bias as well?
digit_parameters = 64 * 128 + 128 * 128 + 128 * 10
