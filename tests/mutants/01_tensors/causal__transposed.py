# mistake: keeps the upper triangle
# caught: check_causal__mask
# says: Rows and columns are swapped
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).triu()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.masked_fill(~seen, float("-inf")).softmax(-1)
