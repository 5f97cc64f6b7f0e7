# mistake: names the pooler and does not count it
# caught: check_new_head
# says: and the pooler
new_names = {"bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"}
new_numbers = 3 * 128 + 3
