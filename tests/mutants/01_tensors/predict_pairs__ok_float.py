# why: a float with the same value
# exercise: predict_pairs
numbers_in_difference = 132496.0
