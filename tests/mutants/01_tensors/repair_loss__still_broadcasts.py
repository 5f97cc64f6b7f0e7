# mistake: checks the lengths and still broadcasts
# caught: check_repair_loss
# says: mean over all pairs of days
# exercise: repair_loss
def mean_squared_error(prediction, target):
    if target.ndim != 1 or prediction.shape != (target.shape[0], 1):
        raise ValueError("expected [N, 1] and [N]")
    return ((prediction - target) ** 2).mean()
