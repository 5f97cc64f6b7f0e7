# mistake: forgets the layer in the middle
# caught: check_predict_parameters
# says: what about the one in the middle?
digit_parameters = 64 * 128 + 128 + 128 * 10 + 10
