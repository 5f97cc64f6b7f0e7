# mistake: clears once, before the loop
# caught: check_repair_accumulation
# says: is w.grad cleared before each backward()
def steady_fit(x, y, steps, lr):
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    w.grad = None
    for _ in range(steps):
        loss = courier_loss(w, x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(float(loss))
    return w, losses
