# mistake: trains on a random half of the batch at each step
# caught: check_overfit_one_batch
# says: Is it the same batch, whole, at every step?
def overfit_one_batch(net_name: str, x, y, steps: int = 150, lr: float = 1e-2, seed: int = 0):
    torch.manual_seed(seed)
    net = build_net(net_name)
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        rows = torch.randperm(len(x))[: len(x) // 2]
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
