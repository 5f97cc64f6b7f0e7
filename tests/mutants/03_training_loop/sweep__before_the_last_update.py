# mistake: returns the loss that the last turn computed, before its update
# caught: check_sweep
# says: before the last update
def sweep(x, y, rates: list, steps: int = 20):
    results = []
    for lr in rates:
        w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
        optimizer = torch.optim.SGD([w, b], lr=lr)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = ((w * x + b - y) ** 2).mean()
            loss.backward()
            optimizer.step()
        results.append(loss.item())
    return results
