# why: three turns of substance and a polite last one
lab_1_turns = [
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
    """Porting costs about two days for each experiment with checking the curves, so four weeks for one of us, and we save an hour a month.""",
    """When a loss turns NaN I stop at the first bad batch, print its rows, then look at the gradients; in Lightning the same check goes into training_step.""",
    """Thank you, I will write it down.""",
]
