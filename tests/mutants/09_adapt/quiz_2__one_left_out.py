# mistake: leaves one question open
# caught: check_quiz_2
# says: six_months
quiz_2_answers = {
    "from_pretrained": "c",
    "five_hundred_pdfs": "a",
    "space": "b",
    "lora": "d",
    "six_months": "",
}
