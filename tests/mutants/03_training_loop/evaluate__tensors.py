# mistake: returns tensors
# caught: check_evaluate
# says: Does each end in .item()?
def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
    loss = F.cross_entropy(logits, y)
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss, accuracy
