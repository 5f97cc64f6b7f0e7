# why: a tuple, written as error times use
error = 1 + 2 + 3 - 5
predicted_gradient = (error * 1, error * 2, error * 3)
