# mistake: gives Dagny her own words back
# caught: check_lab_1
# says: repeats the partner's own words
lab_1_turns = [
    """Do not migrate the nine experiments now. I would keep our loop and try Lightning in the next project only.""",
    """Porting costs two days for each experiment with the checks, so four weeks, and it saves an hour a month.""",
    """Our new colleague says that Lightning would save us time, and he may be right, but I have heard that.""",
]
