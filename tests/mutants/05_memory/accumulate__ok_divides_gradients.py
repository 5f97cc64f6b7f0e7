# why: sums, and the gradients are divided at the end
def accumulate(model, tokens, targets, micro):
    real, whole = int((targets != -100).sum()), 0.0
    for part, wanted in zip(tokens.split(micro), targets.split(micro)):
        loss = F.cross_entropy(model(part).flatten(0, 1), wanted.flatten(), reduction="sum")
        loss.backward()
        whole += loss.item()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.grad /= real
    return whole / real
