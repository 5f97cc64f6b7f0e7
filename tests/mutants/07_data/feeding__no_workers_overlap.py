# mistake: overlaps without workers, too
# caught: check_feeding
# says: without workers they take turns
def feeding(compute, load, workers):
    step = max(compute, load / max(workers, 1))
    return {"step": step, "busy": compute / step, "enough": max(1, math.ceil(load / compute))}
