# mistake: appends tensors with their graphs
# caught: check_repair_accumulation
# says: graph
def steady_fit(x, y, steps, lr):
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    for _ in range(steps):
        w.grad = None
        loss = courier_loss(w, x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(loss)
    return w, losses
