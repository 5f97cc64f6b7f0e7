# mistake: the ReLU's result and the next input are two tensors
# caught: check_mlp_kept
# says: are one tensor
def mlp_kept(batch, sizes):
    return 4 * batch * (sizes[0] + 2 * sum(sizes[1:-1]))
