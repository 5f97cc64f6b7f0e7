# why: the formula of the hint
def fit_steps(batches, seconds):
    b, t = sum(batches) / len(batches), sum(seconds) / len(seconds)
    each = sum((x - b) * (y - t) for x, y in zip(batches, seconds)) / sum((x - b) ** 2 for x in batches)
    fixed = t - each * b
    return dict(fixed=fixed, each=each, ceiling=1 / each, enough=4 * fixed / each)
