# mistake: three turns of a few words
# caught: check_lab_3
# says: words
lab_3_turns = [
    "Seventeen hours.",
    "LoRA fits a T4.",
    "Use Kaggle.",
]
