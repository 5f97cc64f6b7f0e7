# mistake: writes the answer out
# caught: check_quiz_1
# says: letters
quiz_1_answers = {"eager": "eager execution", "wrapper": "a", "requires_grad": "d", "share": "b", "init_forward": "c"}
