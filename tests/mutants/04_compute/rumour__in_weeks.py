# mistake: answers in weeks
# caught: check_rumour
# says: is that in weeks
def run_flops(chips, days, promised, mfu=1.0):
    return chips * days * 86400 * promised * mfu

rumour_days = 1.0
