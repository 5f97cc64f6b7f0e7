# mistake: gives each ReLU a parameter for every unit
# caught: check_predict_parameters
# says: It has no parameters
digit_parameters = 26122 + 128 + 128
