# why: fills with the smallest float
# exercise: causal
def causal_mask(length):
    return ~torch.ones(length, length).triu(1).bool()


def causal_weights(scores):
    return scores.masked_fill(~causal_mask(scores.shape[-1]), torch.finfo(scores.dtype).min).softmax(-1)
