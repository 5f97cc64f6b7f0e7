# mistake: clears between backward() and the step
# caught: check_repair_accumulation
# says: is w.grad cleared before each backward()
def steady_fit(x, y, steps, lr):
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    for _ in range(steps):
        loss = courier_loss(w, x, y)
        loss.backward()
        w.grad.zero_()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(loss.item())
    return w, losses
