# mistake: loading and computing never overlap
# caught: check_feeding
# says: the slower one sets the pace
def feeding(compute, load, workers):
    step = compute + load / max(workers, 1)
    return {"step": step, "busy": compute / step, "enough": max(1, math.ceil(load / compute))}
