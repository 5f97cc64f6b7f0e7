# mistake: takes two bytes a number
# caught: check_predict_gpt3
# says: size in a 16-bit dtype
# exercise: predict_gpt3
gpt3_matrix_mib = 1152
