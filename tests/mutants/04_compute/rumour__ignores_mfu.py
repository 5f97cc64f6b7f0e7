# mistake: leaves out the share that one gets
# caught: check_rumour
# says: the same at MFU 0.5
def run_flops(chips, days, promised, mfu=1.0):
    return chips * days * 86400 * promised

rumour_days = 7.0
