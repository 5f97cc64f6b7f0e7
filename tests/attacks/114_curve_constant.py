# tries: a loss curve that is one number all along
# must: train=failed *=not_attempted
# gains: 0

# %% exercise="train"
def train(x, y, steps, lr):
    return torch.zeros(x.shape[1]), [y.square().mean().item()] * steps
