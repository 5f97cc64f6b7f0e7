# mistake: returns a Python number
# caught: check_repair_detached
# says: no gradient can flow back
def two_layer_loss(x, y, w1, w2):
    return torch.tensor(((torch.tanh(x @ w1) @ w2 - y) ** 2).mean().item())
