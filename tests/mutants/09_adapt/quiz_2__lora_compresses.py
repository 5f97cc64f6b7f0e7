# mistake: takes LoRA for a compression
# caught: check_quiz_2
# says: lora
quiz_2_answers = {
    "from_pretrained": "c",
    "five_hundred_pdfs": "a",
    "space": "b",
    "lora": "a",
    "six_months": "d",
}
