# mistake: calls the library
# caught: check_pairwise__values
# says: expected no cdist
# exercise: pairwise
def pairwise_distances(x, y):
    return torch.cdist(x, y)
