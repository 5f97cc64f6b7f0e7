# mistake: returns squared distances
# caught: check_pairwise__values
# says: the root is missing
# exercise: pairwise
def pairwise_distances(x, y):
    return ((x * x).sum(1)[:, None] + (y * y).sum(1) - 2 * x @ y.T).clamp(min=0)
