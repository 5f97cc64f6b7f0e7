# why: sets logits to minus infinity
def next_probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature == 0:
        result = torch.zeros_like(logits)
        result[logits.argmax()] = 1.0
        return result
    scores = logits / temperature
    if top_k is not None and top_k < len(scores):
        kept = scores.topk(top_k).indices
        mask = torch.full_like(scores, -math.inf)
        mask[kept] = 0.0
        scores = scores + mask
    p = scores.softmax(-1)
    if top_p is not None:
        total = 0.0
        result = torch.zeros_like(p)
        for n in p.argsort(descending=True).tolist():
            if total >= top_p:
                break
            result[n] = p[n]
            total += p[n].item()
        p = result / result.sum()
    return p
