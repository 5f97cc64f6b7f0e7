# mistake: takes the sentence at its word
# caught: check_rumour
# says: takes the sentence at its word
def run_flops(chips, days, promised, mfu=1.0):
    return chips * days * 86400 * promised * mfu

rumour_days = 14
