# mistake: silences the error with .data: the gradient is wrong
# caught: check_repair_overwrite
# says: through .data or under no_grad
def rider_shares(x, w):
    shares = torch.exp(x @ w)
    shares.data /= shares.data.sum(dim=1, keepdim=True)
    return shares
