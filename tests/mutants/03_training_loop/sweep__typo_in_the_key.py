# mistake: writes "lr", reads "learning_rate": the rate is never passed on
# caught: check_sweep
# says: by which name is the rate written
def sweep(x, y, rates: list, steps: int = 20):
    def fit(config):
        lr = config.get("learning_rate", 1e-6)
        w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
        optimizer = torch.optim.SGD([w, b], lr=lr)
        for _ in range(steps):
            optimizer.zero_grad()
            ((w * x + b - y) ** 2).mean().backward()
            optimizer.step()
        return ((w * x + b - y) ** 2).mean().item()

    return [fit({"lr": lr}) for lr in rates]
