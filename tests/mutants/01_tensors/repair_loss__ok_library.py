# why: uses the library's loss behind the check
# exercise: repair_loss
def mean_squared_error(prediction, target):
    if prediction.dim() != 2 or target.dim() != 1 or prediction.size(1) != 1 or prediction.size(0) != target.size(0):
        raise ValueError("wrong shapes")
    return torch.nn.functional.mse_loss(prediction[:, 0], target)
