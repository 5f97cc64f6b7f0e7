# mistake: hands in a list
# caught: check_test_1
# says: expected a dict
test_1_student = "ada@example.org"
test_1_answers = ["t46zs", "vtpey", "7ag5t", "n9m2u", "dvyya", "pz9p3", "7c3zf", "9q3z2", "nqy8r"]
