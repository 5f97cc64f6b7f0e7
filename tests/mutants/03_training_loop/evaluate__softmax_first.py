# mistake: applies softmax before cross_entropy
# caught: check_evaluate
# says: cross_entropy applies it itself
def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x).softmax(dim=1)
    loss = F.cross_entropy(logits, y)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), accuracy.item()
