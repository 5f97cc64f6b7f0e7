# mistake: fine-tunes on the PDFs
# caught: check_quiz_2
# says: five_hundred_pdfs
quiz_2_answers = {
    "from_pretrained": "c",
    "five_hundred_pdfs": "b",
    "space": "b",
    "lora": "d",
    "six_months": "d",
}
