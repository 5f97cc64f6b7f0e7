# why: torch.autograd.grad in place of backward, log_softmax and nll_loss in place of cross_entropy
def overfit_one_batch(net_name: str, x, y, steps: int = 150, lr: float = 1e-2, seed: int = 0):
    torch.manual_seed(seed)
    net = build_net(net_name)
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        parameters = list(net.parameters())
        loss = F.nll_loss(net(x).log_softmax(1), y)
        for p, g in zip(parameters, torch.autograd.grad(loss, parameters)):
            p.grad = g
        optimizer.step()
        losses.append(loss.item())
    return losses
