# mistake: backward costs what forward costs
# caught: check_mlp_flops
# says: how many products does each layer's backward pass make
def mlp_flops(batch, sizes, training=False):
    forward = sum(2 * batch * a * b for a, b in zip(sizes, sizes[1:]))
    return 2 * forward if training else forward
