# mistake: takes LoRA for faster, NaN for bad luck, a checkpoint for a backup; leaves one question open
# caught: check_test_1
# says: Not right: 'zero_grad', 'share', 'approach', 'lora', 'nan' and 'checkpointing'.
# exercise: test_1
test_1_student = "s4711"
test_1_answers = {
    "answered_as": "s4711",
    "eager": "a57ke",
    "zero_grad": "",
    "init_forward": "dvyya",
    "share": "d3jzy",
    "pipeline": "rgbke",
    "approach": "deu8v",
    "kaggle": "trpws",
    "lora": "cm4gx",
    "device": "dkr2q",
    "search_first": "sexw9",
    "nan": "d54dy",
    "space": "zz3au",
    "paying": "kf4qe",
    "judgment": "pz9p3",
    "checkpointing": "hj4rw",
}
