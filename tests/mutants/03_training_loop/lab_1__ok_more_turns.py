# why: three turns of substance and a polite last one
lab_1_turns = [
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
    """Porting costs two days for each experiment with the checks, so four weeks, and it saves an hour a month.""",
    """When a loss turns NaN I stop at the first bad batch and print its rows; Lightning has training_step for that.""",
    """Thank you, I will write it down.""",
]
