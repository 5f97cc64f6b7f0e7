# mistake: returns accuracy and loss in the wrong order
# caught: check_evaluate
# says: second after the loss
def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
    loss = F.cross_entropy(logits, y)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return accuracy.item(), loss.item()
