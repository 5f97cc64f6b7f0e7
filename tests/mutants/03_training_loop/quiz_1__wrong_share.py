# mistake: takes the share for a half
# caught: check_quiz_1
# says: share
quiz_1_answers = {"eager": "c", "wrapper": "a", "requires_grad": "d", "share": "c", "init_forward": "c"}
