# mistake: stops in the middle
# caught: check_test_1
# says: 7 of 15 items are right
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
    "lora": "",
    "device": "",
    "search_first": "",
    "nan": "",
    "space": "",
    "paying": "",
    "judgment": "",
    "checkpointing": "",
}
