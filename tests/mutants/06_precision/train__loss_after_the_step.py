# mistake: measures the loss after the step
# caught: check_train
# says: measured before each step
def train(x, y, w, steps, lr, mode):
    kinds = {"float32": (torch.float32, torch.float32), "float16": (torch.float16, torch.float16),
             "bfloat16": (torch.bfloat16, torch.bfloat16), "mixed": (torch.bfloat16, torch.float32)}
    if mode not in kinds:
        raise ValueError(mode)
    low, own = kinds[mode]
    weights, inputs, targets, losses = w.to(own), x.to(low), y.to(low), []
    for _ in range(steps):
        pass
        error = inputs @ weights.to(low) - targets
        gradient = 2 / len(x) * (inputs.T @ error)
        weights = weights - lr * gradient.to(own)
        losses.append((x @ weights.float() - y).square().mean().item())
    return losses, weights
