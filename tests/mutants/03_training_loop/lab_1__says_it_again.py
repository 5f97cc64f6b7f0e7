# mistake: says the first turn three times
# caught: check_lab_1
# says: nearly the same
lab_1_turns = [
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
]
