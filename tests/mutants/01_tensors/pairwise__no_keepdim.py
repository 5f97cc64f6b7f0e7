# mistake: adds [N] and [M] without a new axis
# caught: check_pairwise__values
# says: must match the size of tensor
# exercise: pairwise
def pairwise_distances(x, y):
    return ((x * x).sum(1) + (y * y).sum(1) - 2 * x @ y.T).clamp(min=0).sqrt()
