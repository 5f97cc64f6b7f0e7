# mistake: a multiplication and an addition counted as one
# caught: check_mlp_flops
# says: one multiplication and one addition
def mlp_flops(batch, sizes, training=False):
    layers = [batch * a * b for a, b in zip(sizes, sizes[1:])]
    return 3 * sum(layers) - layers[0] if training else sum(layers)
