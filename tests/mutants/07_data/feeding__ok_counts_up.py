# why: counts workers up until it is fed
def feeding(compute, load, workers):
    enough = 1
    while load / enough > compute:
        enough += 1
    waits = load if workers == 0 else max(0.0, load / workers - compute)
    return {"step": compute + waits, "busy": compute / (compute + waits), "enough": float(enough)}
