# why: capital letters
quiz_2_answers = {
    "from_pretrained": "C",
    "five_hundred_pdfs": "A",
    "space": "B",
    "lora": "D",
    "six_months": "D",
}
