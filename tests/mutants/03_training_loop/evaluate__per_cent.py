# mistake: gives the accuracy in per cent
# caught: check_evaluate
# says: not a percentage
def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
    loss = F.cross_entropy(logits, y)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), 100 * accuracy.item()
