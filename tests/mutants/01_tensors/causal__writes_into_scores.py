# mistake: masks the caller's tensor in place
# caught: check_causal__weights
# says: the caller's scores
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill_(~seen, float("-inf")).softmax(-1)
