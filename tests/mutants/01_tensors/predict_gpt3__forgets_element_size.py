# mistake: counts numbers, not bytes
# caught: check_predict_gpt3
# says: How many bytes does one float32 take?
# exercise: predict_gpt3
gpt3_matrix_mib = 49152 * 12288 / 2**20
