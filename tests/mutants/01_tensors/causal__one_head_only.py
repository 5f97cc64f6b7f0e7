# mistake: assumes scores without a batch
# caught: check_causal__weights
# says: too many values to unpack
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    rows, columns = scores.shape
    return scores.masked_fill(~seen, float("-inf")).softmax(-1)
