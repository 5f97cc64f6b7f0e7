# why: goes through the data in batches of 32, weighted by their sizes
def evaluate(model, x, y):
    was_training = model.training
    model.eval()
    total, right = 0.0, 0
    with torch.inference_mode():
        for start in range(0, len(x), 32):
            logits = model(x[start : start + 32])
            total += F.cross_entropy(logits, y[start : start + 32], reduction="sum").item()
            right += (logits.argmax(1) == y[start : start + 32]).sum().item()
    model.train(was_training)
    return total / len(x), right / len(x)
