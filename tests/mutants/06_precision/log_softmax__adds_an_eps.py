# mistake: adds a small number inside the logarithm
# caught: check_log_softmax
# says: 1000 and −1000
def log_softmax(x):
    shifted = x - x.max(dim=-1, keepdim=True).values
    p = shifted.exp() / shifted.exp().sum(dim=-1, keepdim=True)
    return (p + 1e-12).log()
