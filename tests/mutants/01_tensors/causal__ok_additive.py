# why: adds a bias of zeros and -inf made with triu
# exercise: causal
def causal_mask(length):
    return torch.triu(torch.ones(length, length), diagonal=1) == 0


def causal_weights(scores):
    length = scores.size(-1)
    bias = torch.full((length, length), float("-inf")).triu(diagonal=1)
    return torch.softmax(scores + bias, dim=-1)
