# mistake: leaves out the diagonal
# caught: check_causal__mask
# says: a token may look at itself
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril(-1)


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~seen, float("-inf")).softmax(-1)
