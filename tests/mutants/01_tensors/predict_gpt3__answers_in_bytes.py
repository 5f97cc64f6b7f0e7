# mistake: does not divide at all
# caught: check_predict_gpt3
# says: That is in bytes
# exercise: predict_gpt3
gpt3_matrix_mib = 49152 * 12288 * 4
