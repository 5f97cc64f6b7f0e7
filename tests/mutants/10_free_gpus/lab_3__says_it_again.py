# mistake: says the first turn three times
# caught: check_lab_3
# says: nearly the same
lab_3_turns = [
    """It takes 62,500 steps of three forward passes each, so 60,000 seconds, which is about 17 GPU-hours in all.""",
    """It takes 62,500 steps of three forward passes each, so 60,000 seconds, which is about 17 GPU-hours in all.""",
    """It takes 62,500 steps of three forward passes each, so 60,000 seconds, which is about 17 GPU-hours in all.""",
]
