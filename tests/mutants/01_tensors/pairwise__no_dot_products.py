# mistake: leaves out the mixed term
# caught: check_pairwise__values
# says: Is the term −2 x·y missing?
# exercise: pairwise
def pairwise_distances(x, y):
    return ((x * x).sum(1)[:, None] + (y * y).sum(1)).sqrt()
