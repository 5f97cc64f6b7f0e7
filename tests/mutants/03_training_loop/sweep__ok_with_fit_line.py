# why: uses fit_line from above: the loss after the last update is the one of an extra step
def sweep(x, y, rates: list, steps: int = 20):
    return [fit_line(x, y, lr, steps + 1)[2][-1] for lr in rates]
