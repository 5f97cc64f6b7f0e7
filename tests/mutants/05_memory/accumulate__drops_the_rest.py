# mistake: drops the smaller last micro-batch
# caught: check_accumulate
# says: is the smaller last micro-batch weighed
def accumulate(model, tokens, targets, micro):
    real, total = (targets != -100).sum().item(), 0.0
    for n in range(len(tokens) // micro):
        logits = model(tokens[n * micro:(n + 1) * micro])
        loss = F.cross_entropy(logits.flatten(0, 1), targets[n * micro:(n + 1) * micro].flatten(),
            reduction="sum") / real
        loss.backward()
        total += loss.item()
    return total
