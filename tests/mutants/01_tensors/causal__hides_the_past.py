# mistake: fills where the mask is True
# caught: check_causal__weights
# says: is the mask the right way round?
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(seen, float("-inf")).softmax(-1)
