# mistake: leaves the tanh out
# caught: check_repair_detached
# says: is it mean((tanh(
def two_layer_loss(x, y, w1, w2):
    return (((x @ w1) @ w2 - y) ** 2).mean()
