# mistake: computes and records the loss after the update
# caught: check_fit_line
# says: recorded before the first step
def fit_line(x, y, lr: float, steps: int):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(steps):
        w.grad = b.grad = None
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        losses.append(((w * x + b - y) ** 2).mean().item())
    return w.item(), b.item(), losses
