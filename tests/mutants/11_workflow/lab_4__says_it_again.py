# mistake: says the first turn three times
# caught: check_lab_4
# says: nearly the same
lab_4_turns = [
    """One post of a repair forum goes in, at most 200 words, and one of two labels comes out: asks for
advice or vents; macro F1 of 0.85 on 150 held-out posts.""",
    """One post of a repair forum goes in, at most 200 words, and one of two labels comes out: asks for
advice or vents; macro F1 of 0.85 on 150 held-out posts.""",
    """One post of a repair forum goes in, at most 200 words, and one of two labels comes out: asks for
advice or vents; macro F1 of 0.85 on 150 held-out posts.""",
]
