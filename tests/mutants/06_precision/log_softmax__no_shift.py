# mistake: exponentiates as it is
# caught: check_log_softmax
# says: which number can be subtracted from a row first
def log_softmax(x):
    return x - x.exp().sum(dim=-1, keepdim=True).log()
