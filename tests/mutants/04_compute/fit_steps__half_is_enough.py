# mistake: takes half of the ceiling for 80 %
# caught: check_fit_steps
# says: four fifths of the step's time
def fit_steps(batches, seconds):
    line = statistics.linear_regression(batches, seconds)
    return {"fixed": line.intercept, "each": line.slope, "ceiling": 1 / line.slope,
            "enough": line.intercept / line.slope}
