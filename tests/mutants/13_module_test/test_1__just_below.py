# mistake: eleven of fifteen right, one short of what passes
# caught: check_test_1
# says: 11 of 15 items are right, 12 are needed: the test is not passed.
# exercise: test_1
test_1_student = "ada@example.org"
test_1_answers = {
    "answered_as": "ada@example.org",
    "eager": "6atzt",
    "zero_grad": "9q3z2",
    "init_forward": "dvyya",
    "share": "d3jzy",
    "pipeline": "rgbke",
    "approach": "t46zs",
    "kaggle": "nqy8r",
    "lora": "4uw7p",
    "device": "n9m2u",
    "search_first": "7c3zf",
    "nan": "vxtc8",
    "space": "4m584",
    "paying": "8yz4p",
    "judgment": "pz9p3",
    "checkpointing": "7ag5t",
}
