# why: every question right, on a third paper
# exercise: test_1
test_1_student = "s4711"
test_1_answers = {
    "answered_as": "s4711",
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
