# why: the questions in another order
quiz_1_answers = {"init_forward": "c", "share": "b", "requires_grad": "d", "wrapper": "a", "eager": "c"}
