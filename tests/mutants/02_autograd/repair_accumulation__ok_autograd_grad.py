# why: torch.autograd.grad leaves .grad alone; w is made new each time
def steady_fit(x, y, steps, lr):
    w, losses = torch.zeros(x.shape[1]), []
    for _ in range(steps):
        w = w.detach().requires_grad_()
        loss = courier_loss(w, x, y)
        (slope,) = torch.autograd.grad(loss, w)
        w = w - lr * slope
        losses.append(float(loss.detach()))
    return w, losses
