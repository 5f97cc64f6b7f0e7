# mistake: leaves one question open
# caught: check_quiz_1
# says: init_forward
quiz_1_answers = {"eager": "c", "wrapper": "a", "requires_grad": "d", "share": "b", "init_forward": ""}
