# mistake: measures the loss after the step
# caught: check_repair_accumulation
# says: the loss measured before the step
def steady_fit(x, y, steps, lr):
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    for _ in range(steps):
        w.grad = None
        courier_loss(w, x, y).backward()
        with torch.no_grad():
            w -= lr * w.grad
            losses.append(courier_loss(w, x, y).item())
    return w, losses
