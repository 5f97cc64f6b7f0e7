# why: seven days, worked out by hand
def run_flops(chips, days, promised, mfu=1.0):
    return mfu * promised * (chips * days * 24 * 3600)

rumour_days = 7
