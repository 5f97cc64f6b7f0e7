# mistake: one worker more than enough
# caught: check_feeding
# says: exactly enough is enough
def feeding(compute, load, workers):
    step = compute + load if workers == 0 else max(compute, load / workers)
    return {"step": step, "busy": compute / step, "enough": int(load / compute) + 1}
