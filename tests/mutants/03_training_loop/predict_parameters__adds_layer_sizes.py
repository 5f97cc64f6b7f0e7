# mistake: adds the layer sizes where it must multiply
# caught: check_predict_parameters
# says: weights and d_out biases
digit_parameters = 64 + 128 + 128 + 128 + 128 + 10
