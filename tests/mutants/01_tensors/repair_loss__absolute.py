# mistake: takes absolute differences
# caught: check_repair_loss
# says: are they squared?
# exercise: repair_loss
def mean_squared_error(prediction, target):
    if target.ndim != 1 or prediction.shape != (target.shape[0], 1):
        raise ValueError("expected [N, 1] and [N]")
    return (prediction.squeeze(1) - target).abs().mean()
