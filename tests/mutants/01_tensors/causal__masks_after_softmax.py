# mistake: multiplies the weights by the mask
# caught: check_causal__weights
# says: Did you mask after softmax?
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return scores.softmax(-1) * seen
