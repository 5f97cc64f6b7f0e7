# mistake: counts the output, too
# caught: check_mlp_kept
# says: the last layer's output is kept by nobody
def mlp_kept(batch, sizes):
    return 4 * batch * sum(sizes)
