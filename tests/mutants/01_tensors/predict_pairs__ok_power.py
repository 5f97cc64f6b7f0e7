# why: another spelling of the product
# exercise: predict_pairs
numbers_in_difference = 364 ** 2
