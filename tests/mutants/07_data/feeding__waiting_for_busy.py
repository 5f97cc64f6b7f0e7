# mistake: gives the share of waiting
# caught: check_feeding
# says: busy
def feeding(compute, load, workers):
    step = compute + load if workers == 0 else max(compute, load / workers)
    return {"step": step, "busy": 1 - compute / step, "enough": max(1, math.ceil(load / compute))}
