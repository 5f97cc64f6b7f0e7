# mistake: chooses c everywhere
# caught: check_quiz_1
# says: wrapper
quiz_1_answers = {"eager": "c", "wrapper": "c", "requires_grad": "c", "share": "c", "init_forward": "c"}
