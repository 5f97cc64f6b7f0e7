# why: codes typed by hand, some in capitals, some with blanks
# exercise: test_1
test_1_student = "s4711"
test_1_answers = {
    "eager": "A57KE",
    "zero_grad": " 5nsuc ",
    "init_forward": " dvyya ",
    "share": "FY6JF",
    "pipeline": " rgbke ",
    "approach": " cgvvq ",
    "kaggle": "TRPWS",
    "lora": "Q8BX5",
    "device": "DKR2Q",
    "search_first": " sexw9 ",
    "nan": " hzxep ",
    "space": "ZZ3AU",
    "paying": " kf4qe ",
    "judgment": " pz9p3 ",
    "checkpointing": "9UX7W",
}
