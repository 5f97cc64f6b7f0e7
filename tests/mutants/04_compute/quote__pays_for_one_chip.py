# mistake: pays for the hours on the wall, whatever the number of chips
# caught: check_quote
# says: is the price for each chip and hour
def quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0):
    if not 0 < mfu <= 1:
        raise ValueError("mfu must lie in (0, 1]")

    seconds = 6 * parameters * tokens / (chips * promised * mfu)
    return {"flops": 6 * parameters * tokens, "seconds": seconds, "gpu_hours": chips * seconds / 3600,
            "dollars": seconds / 3600 * dollars_per_hour}
