# why: capital letters
quiz_4_answers = {
    "cpu_first": "A",
    "flat_loss": "C",
    "still_out_of_memory": "B",
    "eight_months": "D",
    "push_to_hub": "C",
}
