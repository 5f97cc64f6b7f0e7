# mistake: never clears the gradients: each turn adds to the last
# caught: check_fit_line
# says: is step 1, zero, missing?
def fit_line(x, y, lr: float, steps: int):
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * x + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.item(), b.item(), losses
