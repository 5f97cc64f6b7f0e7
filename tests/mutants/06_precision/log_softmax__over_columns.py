# mistake: goes along the first axis
# caught: check_log_softmax
# says: tame numbers
def log_softmax(x):
    shifted = x - x.max(dim=0, keepdim=True).values
    return shifted - shifted.exp().sum(dim=0, keepdim=True).log()
