# mistake: divides by an MFU of 0
# caught: check_quote
# says: an MFU of 0
def quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0):
    if mfu < 0 or mfu > 1:
        raise ValueError("mfu")
    flops = 6 * parameters * tokens
    seconds = flops / (chips * promised * mfu)
    hours = chips * seconds / 3600
    return {"flops": flops, "seconds": seconds, "gpu_hours": hours, "dollars": hours * dollars_per_hour}
