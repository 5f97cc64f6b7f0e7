# mistake: takes strides of a fresh [6, 3] tensor
# caught: check_predict_place
# says: reads x's boxes where they lie
# exercise: predict_place
place = 6 + 4 * 3 + 2
