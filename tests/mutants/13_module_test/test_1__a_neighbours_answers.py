# mistake: copies a neighbour's answers under the own name
# caught: check_test_1
# says: 5 of 15 items are right
# exercise: test_1
test_1_student = "ada@example.org"
test_1_answers = {
    "eager": "a57ke",
    "zero_grad": "5nsuc",
    "init_forward": "dvyya",
    "share": "fy6jf",
    "pipeline": "rgbke",
    "approach": "cgvvq",
    "kaggle": "trpws",
    "lora": "q8bx5",
    "device": "dkr2q",
    "search_first": "sexw9",
    "nan": "hzxep",
    "space": "zz3au",
    "paying": "kf4qe",
    "judgment": "pz9p3",
    "checkpointing": "9ux7w",
}
