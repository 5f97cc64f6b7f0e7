# mistake: counts numbers, not bytes
# caught: check_mlp_kept
# says: four bytes for each number
def mlp_kept(batch, sizes):
    return batch * sum(sizes[:-1])
