# mistake: does not swap the strides
# caught: check_predict_place
# says: T swaps the strides together with the lengths
# exercise: predict_place
place = 6 + 4 * 6 + 2 * 1
