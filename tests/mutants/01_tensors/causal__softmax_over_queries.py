# mistake: softmax along the wrong axis
# caught: check_causal__weights
# says: weights of one query, a row, sum to 1
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~seen, float("-inf")).softmax(-2)
