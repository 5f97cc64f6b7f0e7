# mistake: calls logsumexp
# caught: check_log_softmax__own
# says: logsumexp
def log_softmax(x):
    return x - torch.logsumexp(x, dim=-1, keepdim=True)
