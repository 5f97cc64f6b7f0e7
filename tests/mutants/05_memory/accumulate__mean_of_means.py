# mistake: averages the micro-batches' means
# caught: check_accumulate
# says: not a mean of the micro-batches' means
def accumulate(model, tokens, targets, micro):
    total, parts = 0.0, math.ceil(len(tokens) / micro)
    for start in range(0, len(tokens), micro):
        logits = model(tokens[start:start + micro])
        loss = F.cross_entropy(logits.flatten(0, 1), targets[start:start + micro].flatten(), ignore_index=-100) / parts
        loss.backward()
        total += loss.item()
    return total
