# mistake: hides the loop in vmap
# caught: check_pairwise__memory
# says: in vmap too
# exercise: pairwise
def pairwise_distances(x, y):
    return torch.vmap(lambda a: (y - a).norm(dim=-1))(x)
