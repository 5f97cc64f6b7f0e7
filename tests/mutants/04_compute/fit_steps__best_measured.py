# mistake: takes the best measured throughput for the ceiling
# caught: check_fit_steps
# says: ceiling
def fit_steps(batches, seconds):
    line = statistics.linear_regression(batches, seconds)
    best = max(b / t for b, t in zip(batches, seconds))
    return {"fixed": line.intercept, "each": line.slope, "ceiling": best, "enough": 4 * line.intercept / line.slope}
