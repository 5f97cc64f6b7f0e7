# why: three turns of substance and a polite last one
lab_3_turns = [
    """It takes 62,500 steps of three forward passes each, so 60,000 seconds, which is about 17 GPU-hours in all.""",
    """The frozen weights need 6 GB, adapters and states half a gigabyte, logits and activations 2 GB: it fits a T4.""",
    """Run it on Kaggle in two background sessions; a checkpoint every 20 minutes, so a death costs ten of them.""",
    """Good luck at the meeting.""",
]
