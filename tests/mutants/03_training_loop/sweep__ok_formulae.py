# why: the two formulae, no autograd
def sweep(x, y, rates: list, steps: int = 20):
    ends = []
    for lr in rates:
        w = b = torch.tensor(0.0)
        for _ in range(steps):
            error = w * x + b - y
            w, b = w - 2 * lr * (error * x).mean(), b - 2 * lr * error.mean()
        ends.append(float((w * x + b - y).square().mean()))
    return ends
