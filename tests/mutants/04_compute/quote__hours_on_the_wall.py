# mistake: GPU-hours by the clock on the wall
# caught: check_quote
# says: gpu_hours
def quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0):
    if not 0 < mfu <= 1:
        raise ValueError("mfu must lie in (0, 1]")

    flops = 6 * parameters * tokens
    seconds = flops / (chips * promised * mfu)
    return {"flops": flops, "seconds": seconds, "gpu_hours": seconds / 3600,
            "dollars": chips * seconds / 3600 * dollars_per_hour}
