# mistake: subtracts the largest number of all rows
# caught: check_log_softmax
# says: 1000 and −1000
def log_softmax(x):
    shifted = x - x.max()
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()
