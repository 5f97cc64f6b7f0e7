# why: three turns of substance and a polite last one
lab_4_turns = [
    """One post of a repair forum goes in, at most 200 words, and one of two labels comes out: asks for
advice or vents; macro F1 of 0.85 on 150 held-out posts.""",
    """DistilBERT with a head for two labels; I looked at BERT base and did not take it because it is one
point better for twice the time.""",
    """I fine-tune, since I have 600 labelled posts and the output is fixed; a prompt gave inconsistent
answers where posts do both.""",
    """Thank you, I will write it down.""",
]
