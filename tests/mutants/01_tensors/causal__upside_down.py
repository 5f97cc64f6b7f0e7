# mistake: True where looking is forbidden
# caught: check_causal__mask
# says: Turn it round
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).triu(1)


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~seen, float("-inf")).softmax(-1)
