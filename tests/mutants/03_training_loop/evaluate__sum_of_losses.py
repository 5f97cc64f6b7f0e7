# mistake: sums the losses over the digits
# caught: check_evaluate
# says: mean or sum?
def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
    loss = F.cross_entropy(logits, y, reduction='sum')
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), accuracy.item()
