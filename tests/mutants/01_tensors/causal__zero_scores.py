# mistake: hides a score by setting it to 0
# caught: check_causal__weights
# says: e^0 = 1
# exercise: causal
def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def causal_weights(scores):
    seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    return (scores * seen).softmax(-1)
