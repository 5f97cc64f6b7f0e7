# mistake: keeps the /=
# caught: check_repair_overwrite
# says: inplace
def rider_shares(x, w):
    shares = torch.exp(x @ w)
    shares /= shares.sum(dim=1, keepdim=True)
    return shares
