# mistake: gives Bibi her own words back
# caught: check_lab_3
# says: repeats the partner's own words
lab_3_turns = [
    """It takes 62,500 steps of three forward passes each, so 60,000 seconds, which is about 17 GPU-hours in all.""",
    """The frozen weights need 6 GB, adapters and states half a gigabyte, logits and activations 2 GB: it fits a T4.""",
    """I have ten days, all our letters in one big file, and my laptop, which gets hot when I open two tabs.""",
]
