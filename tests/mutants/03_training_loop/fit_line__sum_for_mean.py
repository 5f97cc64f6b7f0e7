# mistake: sums the squared errors where the mean is asked for
# caught: check_fit_line
# says: mean or sum over the batch?
def fit_line(x, y, lr: float, steps: int):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(steps):
        w.grad = b.grad = None
        loss = ((w * x + b - y) ** 2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.item(), b.item(), losses
