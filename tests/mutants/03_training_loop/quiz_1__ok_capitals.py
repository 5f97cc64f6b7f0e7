# why: capital letters
quiz_1_answers = {"eager": "C", "wrapper": "A", "requires_grad": "D", "share": "B", "init_forward": "C"}
