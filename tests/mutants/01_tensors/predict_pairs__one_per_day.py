# mistake: thinks that the shapes match
# caught: check_predict_pairs
# says: under which axis of [364, 1] does the 364 stand
# exercise: predict_pairs
numbers_in_difference = 364
