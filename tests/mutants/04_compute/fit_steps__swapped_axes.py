# mistake: fits batches over seconds
# caught: check_fit_steps
# says: expected
def fit_steps(batches, seconds):
    line = statistics.linear_regression(seconds, batches)
    return {"fixed": line.intercept, "each": line.slope, "ceiling": 1 / line.slope,
            "enough": 4 * line.intercept / line.slope}
