# mistake: an offset of one box for one row
# caught: check_predict_place
# says: One row of x is 6 boxes long
# exercise: predict_place
place = 1 + 4 + 12
