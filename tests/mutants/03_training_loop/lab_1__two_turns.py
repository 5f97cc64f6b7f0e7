# mistake: stops after two turns
# caught: check_lab_1
# says: your conversation has 2
lab_1_turns = [
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
    """Porting costs two days for each experiment with the checks, so four weeks, and it saves an hour a month.""",
]
