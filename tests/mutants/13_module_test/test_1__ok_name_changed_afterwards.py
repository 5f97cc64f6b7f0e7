# why: answered as one name, which was then changed: the answers say whose they are
# exercise: test_1
test_1_student = "Ada L."
test_1_answers = {
    "answered_as": "ada@example.org",
    "eager": "6atzt",
    "zero_grad": "9q3z2",
    "init_forward": "dvyya",
    "share": "fy6jf",
    "pipeline": "rgbke",
    "approach": "t46zs",
    "kaggle": "nqy8r",
    "lora": "vtpey",
    "device": "n9m2u",
    "search_first": "7c3zf",
    "nan": "hzxep",
    "space": "66483",
    "paying": "8yz4p",
    "judgment": "pz9p3",
    "checkpointing": "7ag5t",
}
