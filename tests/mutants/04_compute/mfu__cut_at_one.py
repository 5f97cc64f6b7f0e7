# mistake: cuts a share at 1 in place of complaining
# caught: check_mfu
# says: Is there a raise
def mfu(flops, seconds, promised):
    return min(1.0, flops / seconds / promised)
