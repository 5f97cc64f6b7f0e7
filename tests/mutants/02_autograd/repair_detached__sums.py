# mistake: returns the sum in place of the mean
# caught: check_repair_detached
# says: is it mean((tanh(
def two_layer_loss(x, y, w1, w2):
    return ((torch.tanh(x @ w1) @ w2 - y) ** 2).sum()
