# mistake: writes the answer out
# caught: check_quiz_2
# says: letters
quiz_2_answers = {
    "from_pretrained": "c",
    "five_hundred_pdfs": "a",
    "space": "a demo in the browser",
    "lora": "d",
    "six_months": "d",
}
