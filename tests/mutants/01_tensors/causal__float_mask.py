# mistake: returns ones and zeros
# caught: check_causal__mask
# says: dtype=torch.bool
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~seen, float("-inf")).softmax(-1)
