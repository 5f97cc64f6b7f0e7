# mistake: adds (1 - mask) * -inf
# caught: check_causal__weights
# says: 0 · inf is NaN: masked_fill avoids it
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return (scores + (~seen) * float("-inf")).softmax(-1)
