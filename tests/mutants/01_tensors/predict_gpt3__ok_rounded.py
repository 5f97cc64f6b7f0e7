# why: rounded to the nearest whole MiB
# exercise: predict_gpt3
gpt3_matrix_mib = 2304.4
