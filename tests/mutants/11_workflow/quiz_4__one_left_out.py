# mistake: leaves one question open
# caught: check_quiz_4
# says: eight_months
quiz_4_answers = {
    "cpu_first": "a",
    "flat_loss": "c",
    "still_out_of_memory": "b",
    "eight_months": "",
    "push_to_hub": "c",
}
