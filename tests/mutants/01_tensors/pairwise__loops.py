# mistake: a loop over the rows of x
# caught: check_pairwise__values
# says: expected no
# exercise: pairwise
def pairwise_distances(x, y):
    return torch.stack([(y - row).square().sum(1).sqrt() for row in x])
