# mistake: gives the shape, not how many numbers
# caught: check_predict_pairs
# says: expected a number
# exercise: predict_pairs
numbers_in_difference = (364, 364)
