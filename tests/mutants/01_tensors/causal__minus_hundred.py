# mistake: a small negative number in place of -inf
# caught: check_causal__weights
# says: not some negative number
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~seen, -100.0).softmax(-1)
