# mistake: broadcasts to [N, M, D]
# caught: check_pairwise__memory
# says: tensor of shape [N, M, D] on the way
# exercise: pairwise
def pairwise_distances(x, y):
    return (x[:, None] - y).square().sum(-1).sqrt()
