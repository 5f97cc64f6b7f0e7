# mistake: computes db with the new w: two steps in one
# caught: check_fit_line
# says: Compare with the table
def fit_line(x, y, lr: float, steps: int):
    w = b = 0.0
    losses = []
    for _ in range(steps):
        losses.append((w * x + b - y).square().mean().item())
        w = w - lr * 2 * ((w * x + b - y) * x).mean().item()
        b = b - lr * 2 * (w * x + b - y).mean().item()
    return w, b, losses
