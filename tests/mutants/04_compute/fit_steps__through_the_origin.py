# mistake: a step without examples costs nothing
# caught: check_fit_steps
# says: does not go through the origin
def fit_steps(batches, seconds):
    each = sum(b * t for b, t in zip(batches, seconds)) / sum(b * b for b in batches)
    return {"fixed": 0.0, "each": each, "ceiling": 1 / each, "enough": 0.0}
