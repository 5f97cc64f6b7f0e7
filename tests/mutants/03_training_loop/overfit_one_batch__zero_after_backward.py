# mistake: clears the gradients between backward and step
# caught: check_overfit_one_batch
# says: zero_grad, forward, loss, backward, step
def overfit_one_batch(net_name: str, x, y, steps: int = 150, lr: float = 1e-2, seed: int = 0):
    torch.manual_seed(seed)
    net = build_net(net_name)
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses
