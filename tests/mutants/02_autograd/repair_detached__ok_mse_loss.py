# why: torch.nn.functional.mse_loss and a method
def two_layer_loss(x, y, w1, w2):
    return torch.nn.functional.mse_loss((x @ w1).tanh() @ w2, y)
