# mistake: divides by all targets, padding included
# caught: check_accumulate
# says: the mean over all real targets
def accumulate(model, tokens, targets, micro):
    total = 0.0
    for start in range(0, len(tokens), micro):
        logits = model(tokens[start:start + micro])
        loss = F.cross_entropy(logits.flatten(0, 1), targets[start:start + micro].flatten(),
            reduction="sum") / targets.numel()
        loss.backward()
        total += loss.item()
    return total
