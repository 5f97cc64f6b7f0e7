# why: a float
# exercise: predict_place
place = 22.0
