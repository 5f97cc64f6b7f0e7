# mistake: tril with diagonal=1
# caught: check_causal__mask
# says: One place of the future is still visible
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril(1)


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~seen, float("-inf")).softmax(-1)
