# mistake: calls PyTorch's own
# caught: check_log_softmax__own
# says: log_softmax
def log_softmax(x):
    return F.log_softmax(x, dim=-1)
