# mistake: forgets the pooler
# caught: check_new_head
# says: the pooler stands between
new_names = {"classifier.weight", "classifier.bias"}
new_numbers = 3 * 128 + 3
