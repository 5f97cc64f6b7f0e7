# mistake: cuts the gradient of the normalisation
# caught: check_log_softmax
# says: your gradient
def log_softmax(x):
    shifted = x - x.max(dim=-1, keepdim=True).values
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log().detach()
