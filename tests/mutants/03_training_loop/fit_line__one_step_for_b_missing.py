# mistake: moves w and forgets b
# caught: check_fit_line
# says: does b get its step as well?
def fit_line(x, y, lr: float, steps: int):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(steps):
        w.grad = b.grad = None
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w.item(), b.item(), losses
