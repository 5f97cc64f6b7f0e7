# why: the two formulae of the table, no autograd
def fit_line(x, y, lr: float, steps: int):
    w = b = 0.0
    losses = []
    for _ in range(steps):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
    return w, b, losses
