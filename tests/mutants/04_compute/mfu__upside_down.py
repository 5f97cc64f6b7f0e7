# mistake: the promise over the rate
# caught: check_mfu
# says: compared with the promise
def mfu(flops, seconds, promised):
    share = promised * seconds / flops
    if flops / seconds > promised:
        raise ValueError("too fast")
    return share
