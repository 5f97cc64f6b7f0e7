# why: einsum for all three terms
# exercise: pairwise
def pairwise_distances(x, y):
    xx = torch.einsum("nd,nd->n", x, x)
    yy = torch.einsum("md,md->m", y, y)
    xy = torch.einsum("nd,md->nm", x, y)
    return torch.sqrt(torch.relu(xx[:, None] + yy[None, :] - 2 * xy))
