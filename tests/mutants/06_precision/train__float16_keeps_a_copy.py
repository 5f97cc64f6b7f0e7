# mistake: gives the float16 mode a master copy
# caught: check_train
# says: float16
def train(x, y, w, steps, lr, mode):
    kinds = {"float32": (torch.float32, torch.float32), "float16": (torch.float16, torch.float32),
             "bfloat16": (torch.bfloat16, torch.bfloat16), "mixed": (torch.bfloat16, torch.float32)}
    if mode not in kinds:
        raise ValueError(mode)
    low, own = kinds[mode]
    weights, inputs, targets, losses = w.to(own), x.to(low), y.to(low), []
    for _ in range(steps):
        losses.append((x @ weights.float() - y).square().mean().item())
        error = inputs @ weights.to(low) - targets
        gradient = 2 / len(x) * (inputs.T @ error)
        weights = weights - lr * gradient.to(own)
        pass
    return losses, weights
