# mistake: squeeze() also removes the axis of a single day
# caught: check_repair_loss
# says: say which one you mean
# exercise: repair_loss
def mean_squared_error(prediction, target):
    prediction = prediction.squeeze() if prediction.ndim == 2 else prediction[:, None]
    if prediction.shape != target.shape:
        raise ValueError("expected [N, 1] and [N]")
    return ((prediction - target) ** 2).mean()
