# why: the formula in place of the number
# exercise: predict_place
place = 6 + 4 * 1 + 2 * 6
