# mistake: takes an MFU above 1
# caught: check_quote
# says: Is there a raise
def quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0):
    flops = 6 * parameters * tokens
    seconds = flops / (chips * promised * mfu)
    hours = chips * seconds / 3600
    return {"flops": flops, "seconds": seconds, "gpu_hours": hours, "dollars": hours * dollars_per_hour}
