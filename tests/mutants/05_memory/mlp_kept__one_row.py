# mistake: forgets the batch
# caught: check_mlp_kept
# says: expected 560
def mlp_kept(batch, sizes):
    return 4 * sum(sizes[:-1])
