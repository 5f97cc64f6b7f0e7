# mistake: half the promise makes it twice as fast
# caught: check_quote
# says: takes twice as long
def quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0):
    if not 0 < mfu <= 1:
        raise ValueError("mfu must lie in (0, 1]")

    seconds = 6 * parameters * tokens / (chips * promised) * mfu
    hours = chips * seconds / 3600
    return {"flops": 6 * parameters * tokens, "seconds": seconds, "gpu_hours": hours,
            "dollars": hours * dollars_per_hour}
