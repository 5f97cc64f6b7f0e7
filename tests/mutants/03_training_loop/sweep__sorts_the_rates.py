# mistake: returns the losses in the order of rising rates
# caught: check_sweep
# says: not in the order given
def sweep(x, y, rates: list, steps: int = 20):
    results = []
    for lr in sorted(rates):
        w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
        optimizer = torch.optim.SGD([w, b], lr=lr)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = ((w * x + b - y) ** 2).mean()
            loss.backward()
            optimizer.step()
        results.append(((w * x + b - y) ** 2).mean().item())
    return results
