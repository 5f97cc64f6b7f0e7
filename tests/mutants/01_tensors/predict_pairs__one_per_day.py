# mistake: thinks that the shapes match
# caught: check_predict_pairs
# says: which axis of [364, 1] is over the 364
# exercise: predict_pairs
numbers_in_difference = 364
