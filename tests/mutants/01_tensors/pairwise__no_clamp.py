# mistake: lets rounding put a negative number under the root
# caught: check_pairwise__values
# says: clamp it at 0 first
# exercise: pairwise
def pairwise_distances(x, y):
    return ((x * x).sum(1)[:, None] + (y * y).sum(1) - 2 * x @ y.T).sqrt()
