# mistake: steps before backward, right after zero_grad: there is nothing to step with
# caught: check_overfit_one_batch
# says: zero_grad, forward, loss, backward, step
def overfit_one_batch(net_name: str, x, y, steps: int = 150, lr: float = 1e-2, seed: int = 0):
    torch.manual_seed(seed)
    net = build_net(net_name)
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        optimizer.step()
        loss.backward()
        losses.append(loss.item())
    return losses
