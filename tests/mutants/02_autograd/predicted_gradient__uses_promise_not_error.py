# mistake: multiplies x by the promise 6 in place of the error 1
# caught: check_predicted_gradient
# says: how far 6 is from 5
predicted_gradient = [6.0, 12.0, 18.0]
