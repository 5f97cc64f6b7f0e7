# mistake: does not make the rest sum to 1
# caught: check_next_probabilities
# says: made to sum to 1 again
def next_probabilities(
    logits: torch.Tensor, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> torch.Tensor:
    if temperature == 0:
        return F.one_hot(logits.argmax(), len(logits)).to(logits.dtype)
    p = (logits / temperature).softmax(-1)
    order = p.argsort(descending=True, stable=True)
    ranked = p[order]
    if top_k is not None:
        ranked[top_k:] = 0
    if top_p is not None:
        before = ranked.cumsum(0) - ranked
        ranked = torch.where(before < top_p, ranked, torch.zeros_like(ranked))
    return torch.zeros_like(p).scatter(0, order, ranked)
