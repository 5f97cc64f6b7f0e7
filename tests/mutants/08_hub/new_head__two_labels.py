# mistake: counts two labels
# caught: check_new_head
# says: for three labels
new_names = {"bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"}
new_numbers = 128 * 128 + 128 + 2 * 128 + 2
