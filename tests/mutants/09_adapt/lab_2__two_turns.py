# mistake: stops after two turns
# caught: check_lab_2
# says: your conversation has 2
lab_2_turns = [
    """FLAN-T5 base has 248 million parameters and turns a passage into a question on a plain CPU, we need no giant.""",
    """At 100 times the volume the small API costs about $86 a month and the large one about $1,440.""",
]
