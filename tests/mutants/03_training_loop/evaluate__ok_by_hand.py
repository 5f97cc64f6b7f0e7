# why: log-probabilities picked out by index, predictions from max
@torch.no_grad()
def evaluate(model, x, y):
    model.train(False)
    logs = torch.log_softmax(model(x), dim=-1)
    guesses = logs.max(dim=-1).indices
    return float(-logs[torch.arange(len(y)), y].mean()), float(guesses.eq(y).double().mean())
