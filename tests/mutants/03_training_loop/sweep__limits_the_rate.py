# mistake: limits the rate to what is safe
# caught: check_sweep
# says: is the rate limited or replaced
def sweep(x, y, rates: list, steps: int = 20):
    results = []
    for lr in [min(rate, 0.5) for rate in rates]:
        w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
        optimizer = torch.optim.SGD([w, b], lr=lr)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = ((w * x + b - y) ** 2).mean()
            loss.backward()
            optimizer.step()
        results.append(((w * x + b - y) ** 2).mean().item())
    return results
