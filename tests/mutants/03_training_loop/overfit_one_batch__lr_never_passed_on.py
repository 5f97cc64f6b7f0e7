# mistake: the optimiser keeps its default rate
# caught: check_overfit_one_batch
# says: does lr reach the optimiser?
def overfit_one_batch(net_name: str, x, y, steps: int = 150, lr: float = 1e-2, seed: int = 0):
    torch.manual_seed(seed)
    net = build_net(net_name)
    optimizer = torch.optim.AdamW(net.parameters())
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
