# mistake: takes the shift off the sum only
# caught: check_log_softmax
# says: tame numbers
def log_softmax(x):
    top = x.max(dim=-1, keepdim=True).values
    return x - (x - top).exp().sum(dim=-1, keepdim=True).log()
