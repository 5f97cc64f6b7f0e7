# mistake: builds one optimiser with the first rate and resets only w and b
# caught: check_sweep
# says: by which name is the rate written
def sweep(x, y, rates: list, steps: int = 20):
    results = []
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rates[0])
    for lr in rates:
        with torch.no_grad():
            w.zero_(); b.zero_()
        for _ in range(steps):
            optimizer.zero_grad()
            loss = ((w * x + b - y) ** 2).mean()
            loss.backward()
            optimizer.step()
        results.append(((w * x + b - y) ** 2).mean().item())
    return results
