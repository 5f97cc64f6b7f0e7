# mistake: backward is always twice the forward pass
# caught: check_mlp_flops
# says: who needs the blame of the data
def mlp_flops(batch, sizes, training=False):
    forward = sum(2 * batch * a * b for a, b in zip(sizes, sizes[1:]))
    return 3 * forward if training else forward
