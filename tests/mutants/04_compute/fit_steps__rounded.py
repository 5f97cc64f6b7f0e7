# mistake: rounds the batch size
# caught: check_fit_steps
# says: enough
def fit_steps(batches, seconds):
    line = statistics.linear_regression(batches, seconds)
    return {"fixed": line.intercept, "each": line.slope, "ceiling": 1 / line.slope,
            "enough": round(4 * line.intercept / line.slope) + 1}
