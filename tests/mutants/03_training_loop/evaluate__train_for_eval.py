# mistake: calls model.train(False or True) the wrong way round
# caught: check_evaluate
# says: where is model.eval()?
def evaluate(model, x, y):
    model.train()
    with torch.no_grad():
        logits = model(x)
    loss = F.cross_entropy(logits, y)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), accuracy.item()
