# mistake: stops after two turns
# caught: check_lab_1
# says: your conversation has 2
lab_1_turns = [
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
    """Porting costs about two days for each experiment with checking the curves, so four weeks for one of us, and we save an hour a month.""",
]
