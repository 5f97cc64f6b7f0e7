# mistake: all the way wrong
# caught: check_test_1
# says: 0 of 15 items are right, 12 are needed: the test is not passed.
# exercise: test_1
test_1_student = "ada@example.org"
test_1_answers = {
    "answered_as": "ada@example.org",
    "eager": "jr7mn",
    "zero_grad": "qcwpq",
    "init_forward": "wegqa",
    "share": "d3jzy",
    "pipeline": "j5esx",
    "approach": "nxh76",
    "kaggle": "5jdxs",
    "lora": "4uw7p",
    "device": "gm7yk",
    "search_first": "hvx8v",
    "nan": "vxtc8",
    "space": "4m584",
    "paying": "s7dfn",
    "judgment": "7wfx9",
    "checkpointing": "rpddq",
}
