# mistake: adds the lengths
# caught: check_predict_pairs
# says: each of the 364 rows meets each of the 364 columns
# exercise: predict_pairs
numbers_in_difference = 364 + 364
