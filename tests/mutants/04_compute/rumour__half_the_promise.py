# mistake: halves the dense promise for sparsity once more
# caught: check_rumour
# says: takes the sentence at its word
def run_flops(chips, days, promised, mfu=1.0):
    return chips * days * 86400 * promised * mfu

rumour_days = 4.79e21 / run_flops(8, 1, H100 / 2)
