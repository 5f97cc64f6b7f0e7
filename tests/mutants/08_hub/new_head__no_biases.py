# mistake: forgets the biases
# caught: check_new_head
# says: a linear layer has a bias
new_names = {"bert.pooler.dense.weight", "classifier.weight"}
new_numbers = 128 * 128 + 3 * 128
