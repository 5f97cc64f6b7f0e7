# mistake: three turns of a few words
# caught: check_lab_2
# says: words
lab_2_turns = [
    """T5, base size.""",
    """Use the small API.""",
    """Teachers check it.""",
]
