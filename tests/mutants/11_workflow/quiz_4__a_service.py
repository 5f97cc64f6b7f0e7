# mistake: takes a push for a service
# caught: check_quiz_4
# says: push_to_hub
quiz_4_answers = {
    "cpu_first": "a",
    "flat_loss": "c",
    "still_out_of_memory": "b",
    "eight_months": "d",
    "push_to_hub": "a",
}
