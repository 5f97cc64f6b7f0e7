# mistake: broadcasts to [N, M, D] and takes the norm
# caught: check_pairwise__memory
# says: let @ make all dot products
# exercise: pairwise
def pairwise_distances(x, y):
    return torch.linalg.vector_norm(x[:, None, :] - y[None, :, :], dim=2)
