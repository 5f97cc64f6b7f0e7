# mistake: writes the letters of the buttons in place of the codes
# caught: check_test_1
# says: 'b' is no option of
# exercise: test_1
test_1_student = "ada@example.org"
test_1_answers = {
    "answered_as": "ada@example.org",
    "eager": "b",
    "zero_grad": "b",
    "init_forward": "b",
    "share": "b",
    "pipeline": "b",
    "approach": "b",
    "kaggle": "b",
    "lora": "b",
    "device": "b",
    "search_first": "b",
    "nan": "b",
    "space": "b",
    "paying": "b",
    "judgment": "b",
    "checkpointing": "b",
}
