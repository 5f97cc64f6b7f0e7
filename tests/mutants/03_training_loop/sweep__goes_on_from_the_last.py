# mistake: each rate goes on from where the one before stopped
# caught: check_sweep
# says: does it start from w = b = 0?
def sweep(x, y, rates: list, steps: int = 20):
    results = []
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    for lr in rates:
        optimizer = torch.optim.SGD([w, b], lr=lr)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = ((w * x + b - y) ** 2).mean()
            loss.backward()
            optimizer.step()
        results.append(((w * x + b - y) ** 2).mean().item())
    return results
