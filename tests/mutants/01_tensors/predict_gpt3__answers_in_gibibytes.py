# mistake: divides by 2**30
# caught: check_predict_gpt3
# says: asks for MiB
# exercise: predict_gpt3
gpt3_matrix_mib = 2.25
