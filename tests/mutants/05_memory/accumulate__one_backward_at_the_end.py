# mistake: adds the losses up and goes backward once
# caught: check_accumulate__memory
# says: otherwise all graphs are alive at once
def accumulate(model, tokens, targets, micro):
    real, total = (targets != -100).sum(), 0.0
    for start in range(0, len(tokens), micro):
        logits = model(tokens[start:start + micro])
        total = total + F.cross_entropy(logits.flatten(0, 1), targets[start:start + micro].flatten(),
            reduction="sum") / real
    total.backward()
    return total.item()
