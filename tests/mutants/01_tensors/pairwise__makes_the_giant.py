# mistake: broadcasts to [N, M, D]
# caught: check_pairwise__memory
# says: has shape [N, M, D]
# exercise: pairwise
def pairwise_distances(x, y):
    return (x[:, None] - y).square().sum(-1).sqrt()
