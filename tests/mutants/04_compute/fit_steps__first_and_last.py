# mistake: a line through the first and the last point
# caught: check_fit_steps
# says: not a line through two of them
def fit_steps(batches, seconds):
    each = (seconds[-1] - seconds[0]) / (batches[-1] - batches[0])
    fixed = seconds[0] - each * batches[0]
    return {"fixed": fixed, "each": each, "ceiling": 1 / each, "enough": 4 * fixed / each}
