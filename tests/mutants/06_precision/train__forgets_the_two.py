# mistake: forgets the 2 of the square
# caught: check_train
# says: expected the loss to end below 0.05
def train(x, y, w, steps, lr, mode):
    kinds = {"float32": (torch.float32, torch.float32), "float16": (torch.float16, torch.float16),
             "bfloat16": (torch.bfloat16, torch.bfloat16), "mixed": (torch.bfloat16, torch.float32)}
    if mode not in kinds:
        raise ValueError(mode)
    low, own = kinds[mode]
    weights, inputs, targets, losses = w.to(own), x.to(low), y.to(low), []
    for _ in range(steps):
        losses.append((x @ weights.float() - y).square().mean().item())
        error = inputs @ weights.to(low) - targets
        gradient = (inputs.T @ error) / len(x)
        weights = weights - lr * gradient.to(own)
        pass
    return losses, weights
