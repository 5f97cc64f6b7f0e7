# why: an int is as good as a float
# exercise: predict_gpt3
gpt3_matrix_mib = 48 * 12 * 4
