# mistake: empties the gradients before each micro-batch
# caught: check_accumulate
# says: eight texts, two at a time
def accumulate(model, tokens, targets, micro):
    real, total = (targets != -100).sum().item(), 0.0
    for start in range(0, len(tokens), micro):
        model.zero_grad()
        logits = model(tokens[start:start + micro])
        loss = F.cross_entropy(logits.flatten(0, 1), targets[start:start + micro].flatten(), reduction="sum") / real
        loss.backward()
        total += loss.item()
    return total
