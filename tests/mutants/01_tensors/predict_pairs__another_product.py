# mistake: a slip in the multiplication
# caught: check_predict_pairs
# says: Write the two shapes right-aligned
# exercise: predict_pairs
numbers_in_difference = 123_456
