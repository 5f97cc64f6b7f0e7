# mistake: divides by a sum of shape [n]
# caught: check_repair_overwrite
# says: (2)
def rider_shares(x, w):
    shares = torch.exp(x @ w)
    return shares / shares.sum(dim=1)
