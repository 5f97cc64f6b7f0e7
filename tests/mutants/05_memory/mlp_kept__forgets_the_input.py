# mistake: leaves out the data
# caught: check_mlp_kept
# says: the input is kept, too
def mlp_kept(batch, sizes):
    return 4 * batch * sum(sizes[1:-1])
