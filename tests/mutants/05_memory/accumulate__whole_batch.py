# mistake: sends the whole batch
# caught: check_accumulate__memory
# says: at most 2 texts at a time
def accumulate(model, tokens, targets, micro):
    loss = F.cross_entropy(model(tokens).flatten(0, 1), targets.flatten(), ignore_index=-100)
    loss.backward()
    return loss.item()
