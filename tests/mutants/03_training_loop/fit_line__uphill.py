# mistake: adds the gradient
# caught: check_fit_line
# says: which sign has the step?
def fit_line(x, y, lr: float, steps: int):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(steps):
        w.grad = b.grad = None
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w += lr * w.grad
            b += lr * b.grad
    return w.item(), b.item(), losses
