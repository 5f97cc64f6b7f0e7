# mistake: takes a share of 1.5 for a success
# caught: check_mfu
# says: Is there a raise
def mfu(flops, seconds, promised):
    return flops / seconds / promised
