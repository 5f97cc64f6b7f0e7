# mistake: refuses a run that did nothing
# caught: check_mfu
# says: ValueError
def mfu(flops, seconds, promised):
    share = flops / seconds / promised
    if not 0 < share <= 1:
        raise ValueError("no share")
    return share
