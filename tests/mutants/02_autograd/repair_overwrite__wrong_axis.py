# mistake: divides by the sum over the orders
# caught: check_repair_overwrite
# says: over which axis
def rider_shares(x, w):
    shares = torch.exp(x @ w)
    return shares / shares.sum(dim=0, keepdim=True)
