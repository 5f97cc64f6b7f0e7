# why: means, weighed by their share of the real targets
def accumulate(model, tokens, targets, micro):
    real, whole = (targets != -100).sum(), 0.0
    for part, wanted in zip(tokens.split(micro), targets.split(micro)):
        there = (wanted != -100).sum()
        loss = F.cross_entropy(model(part).transpose(1, 2), wanted, ignore_index=-100) * (there / real)
        loss.backward()
        whole += float(loss.detach())
    return whole
