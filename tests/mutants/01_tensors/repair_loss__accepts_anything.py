# mistake: repairs the numbers and forgets the contract
# caught: check_repair_loss
# says: the contract says [N, 1]
# exercise: repair_loss
def mean_squared_error(prediction, target):
    return ((prediction.reshape(-1) - target.reshape(-1)) ** 2).mean()
