# mistake: returns [M, N]
# caught: check_pairwise__values
# says: swapped
# exercise: pairwise
def pairwise_distances(x, y):
    return ((y * y).sum(1)[:, None] + (x * x).sum(1) - 2 * y @ x.T).clamp(min=0).sqrt()
