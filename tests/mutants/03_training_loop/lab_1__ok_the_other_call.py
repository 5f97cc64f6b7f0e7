# why: recommends the migration, and argues it
lab_1_turns = [
    """Yes, we migrate, but one experiment at a time, beginning with the one that we retrain every week.""",
    """It costs six weeks of one engineer for all nine, two thirds of it for comparing loss curves before and after.""",
    """For a NaN we add a callback that stops at the first loss that is not finite and writes the batch to disk.""",
    """Today only you can read the loop. A new hire may well know Lightning, and nobody knows our 180 lines.""",
]
