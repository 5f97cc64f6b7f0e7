# mistake: one worker too few
# caught: check_feeding
# says: expected 4
def feeding(compute, load, workers):
    step = compute + load if workers == 0 else max(compute, load / workers)
    return {"step": step, "busy": compute / step, "enough": max(1, int(load / compute))}
