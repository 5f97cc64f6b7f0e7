# mistake: takes the mixed term once
# caught: check_pairwise__values
# says: Is the 2 missing
# exercise: pairwise
def pairwise_distances(x, y):
    return ((x * x).sum(1)[:, None] + (y * y).sum(1) - x @ y.T).clamp(min=0).sqrt()
