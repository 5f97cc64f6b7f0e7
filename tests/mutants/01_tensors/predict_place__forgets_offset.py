# mistake: leaves out the offset
# caught: check_predict_place
# says: does not start at box 0
# exercise: predict_place
place = 4 * 1 + 2 * 6
