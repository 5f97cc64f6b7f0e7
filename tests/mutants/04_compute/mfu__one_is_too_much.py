# mistake: refuses a share of exactly 1
# caught: check_mfu
# says: ValueError
def mfu(flops, seconds, promised):
    share = flops / seconds / promised
    if share >= 1:
        raise ValueError("too fast")
    return share
