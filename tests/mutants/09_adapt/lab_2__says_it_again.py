# mistake: says the first turn three times
# caught: check_lab_2
# says: nearly the same
lab_2_turns = [
    """FLAN-T5 base has 248 million parameters and turns a passage into a question on a plain CPU, we need no giant.""",
    """FLAN-T5 base has 248 million parameters and turns a passage into a question on a plain CPU, we need no giant.""",
    """FLAN-T5 base has 248 million parameters and turns a passage into a question on a plain CPU, we need no giant.""",
]
