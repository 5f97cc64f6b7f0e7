# why: whole numbers are numbers
predicted_gradient = [1, 2, 3]
