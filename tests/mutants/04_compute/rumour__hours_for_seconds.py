# mistake: a day of 24 · 60 seconds
# caught: check_rumour
# says: how many seconds has a day
def run_flops(chips, days, promised, mfu=1.0):
    return chips * days * 24 * 60 * promised * mfu

rumour_days = 7.0
