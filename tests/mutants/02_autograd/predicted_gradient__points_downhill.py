# mistake: gives the direction of improvement
# caught: check_predicted_gradient
# says: is the sign right
predicted_gradient = [-1.0, -2.0, -3.0]
