# mistake: leaves out the 2 of the derivative in formulae of its own
# caught: check_fit_line
# says: where is the 2 of the derivative?
def fit_line(x, y, lr: float, steps: int):
    w = b = 0.0
    losses = []
    for _ in range(steps):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        w, b = w - lr * (error * x).mean().item(), b - lr * error.mean().item()
    return w, b, losses
