# why: autograd for the gradient
def train(x, y, w, steps, lr, mode):
    low = {"float32": torch.float32, "float16": torch.float16,
           "bfloat16": torch.bfloat16, "mixed": torch.bfloat16}.get(mode)
    if low is None:
        raise ValueError(f"unknown mode {mode}")
    own = torch.float32 if mode == "mixed" else low
    weights = w.clone().to(own)
    losses = []
    for _ in range(steps):
        losses.append(float(F.mse_loss(x @ weights.float(), y)))
        leaf = weights.detach().clone().requires_grad_()
        F.mse_loss(x.to(low) @ leaf.to(low), y.to(low)).backward()
        weights = weights - lr * leaf.grad
    return losses, weights
