# mistake: multiplies the FLOPs by the number of chips
# caught: check_quote
# says: flops
def quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0):
    if not 0 < mfu <= 1:
        raise ValueError("mfu must lie in (0, 1]")

    flops = 6 * parameters * tokens * chips
    seconds = flops / (chips * promised * mfu)
    hours = chips * seconds / 3600
    return {"flops": flops, "seconds": seconds, "gpu_hours": hours, "dollars": hours * dollars_per_hour}
