# mistake: sums the squares
# caught: check_repair_loss
# says: the sum, not the mean
# exercise: repair_loss
def mean_squared_error(prediction, target):
    if target.ndim != 1 or prediction.shape != (target.shape[0], 1):
        raise ValueError("expected [N, 1] and [N]")
    return ((prediction.squeeze(1) - target) ** 2).sum()
