# mistake: hides the swinging behind a smaller learning rate
# caught: check_repair_accumulation
# says: is each step lr times the gradient
def steady_fit(x, y, steps, lr):
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    for _ in range(steps):
        w.grad = None
        loss = courier_loss(w, x, y)
        loss.backward()
        with torch.no_grad():
            w -= 0.5 * lr * w.grad
        losses.append(loss.item())
    return w, losses
