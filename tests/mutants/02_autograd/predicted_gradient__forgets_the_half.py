# mistake: lets the 2 of the square stand
# caught: check_predicted_gradient
# says: what does the ½ do to the 2
predicted_gradient = [2.0, 4.0, 6.0]
