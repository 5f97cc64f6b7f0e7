# why: three turns of substance and a polite last one
lab_2_turns = [
    """FLAN-T5 base has 248 million parameters and turns a passage into a question on a plain CPU, we need no giant.""",
    """At 100 times the volume the small API costs about $86 a month and the large one about $1,440.""",
    """Two teachers rate 100 random questions a month, and nothing reaches a pupil before one of them approves.""",
    """Good luck before the board.""",
]
