# why: both numbers in one tensor, torch.autograd.grad, 0-d tensors returned
def fit_line(x, y, lr: float, steps: int):
    theta = torch.zeros(2, requires_grad=True)
    columns = torch.stack([x, torch.ones_like(x)], dim=1)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(columns @ theta, y)
        (gradient,) = torch.autograd.grad(loss, theta)
        theta = (theta - lr * gradient).detach().requires_grad_()
        losses.append(float(loss))
    w, b = theta.detach()
    return w, b, losses
