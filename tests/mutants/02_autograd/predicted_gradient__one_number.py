# mistake: gives one number for all three weights
# caught: check_predicted_gradient
# says: expected a list
predicted_gradient = 6.0
