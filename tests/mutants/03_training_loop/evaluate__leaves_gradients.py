# mistake: calls backward during the exam
# caught: check_evaluate
# says: An exam teaches nothing
def evaluate(model, x, y):
    model.eval()
    logits = model(x)
    loss = F.cross_entropy(logits, y)
    loss.backward()
    accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), accuracy.item()
