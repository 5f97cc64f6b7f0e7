# mistake: takes the loss where its derivative belongs
# caught: check_predicted_gradient
# says: what is the derivative of half a square
predicted_gradient = [0.5, 1.0, 1.5]
