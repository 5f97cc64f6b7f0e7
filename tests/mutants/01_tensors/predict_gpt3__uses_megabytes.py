# mistake: divides by 10**6
# caught: check_predict_gpt3
# says: One MiB is 2**20 bytes
# exercise: predict_gpt3
gpt3_matrix_mib = 2415.9
