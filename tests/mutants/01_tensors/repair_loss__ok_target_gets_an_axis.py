# why: gives the target an axis instead
# exercise: repair_loss
def mean_squared_error(prediction, target):
    if target.ndim != 1 or prediction.shape != (target.shape[0], 1):
        raise ValueError("expected [N, 1] and [N]")
    return ((prediction - target[:, None]) ** 2).mean()
