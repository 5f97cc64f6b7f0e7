# mistake: gives Ragnhild her own words back
# caught: check_lab_4
# says: repeats the partner's own words
lab_4_turns = [
    """One post of a repair forum goes in, at most 200 words, and one of two labels comes out: asks for
advice or vents; macro F1 of 0.85 on 150 held-out posts.""",
    """DistilBERT with a head for two labels; I looked at BERT base and did not take it because it is one
point better for twice the time.""",
    """Start with the task: what goes in, what comes out, and at which number would you call it working?""",
]
