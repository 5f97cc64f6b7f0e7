# mistake: answers a flat loss with a sweep
# caught: check_quiz_4
# says: flat_loss
quiz_4_answers = {
    "cpu_first": "a",
    "flat_loss": "a",
    "still_out_of_memory": "b",
    "eight_months": "d",
    "push_to_hub": "c",
}
