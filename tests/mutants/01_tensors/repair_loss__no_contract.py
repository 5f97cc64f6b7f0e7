# mistake: squeezes and checks nothing
# caught: check_repair_loss
# says: compare the lengths
# exercise: repair_loss
def mean_squared_error(prediction, target):
    if prediction.ndim != 2:
        raise ValueError("expected [N, 1]")
    return ((prediction.squeeze(1) - target) ** 2).mean()
