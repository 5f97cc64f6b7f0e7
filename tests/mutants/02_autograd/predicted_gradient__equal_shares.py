# mistake: gives every weight the same blame
# caught: check_predicted_gradient
# says: does a weight that was used three times
predicted_gradient = [1, 1, 1]
