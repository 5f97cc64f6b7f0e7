# mistake: divides under no_grad
# caught: check_repair_overwrite
# says: through .data or under no_grad
def rider_shares(x, w):
    shares = torch.exp(x @ w)
    with torch.no_grad():
        total = shares.sum(dim=1, keepdim=True)
    return shares / total
