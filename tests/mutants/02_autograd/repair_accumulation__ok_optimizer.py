# why: PyTorch's SGD does the clearing and the step
def steady_fit(x, y, steps, lr):
    w = torch.nn.Parameter(torch.zeros(x.shape[1]))
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(steps):
        loss = courier_loss(w, x, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return w.detach(), losses
