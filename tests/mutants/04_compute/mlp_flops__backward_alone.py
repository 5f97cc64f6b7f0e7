# mistake: training returns the backward pass without the forward pass
# caught: check_mlp_flops
# says: that is the backward pass alone
def mlp_flops(batch, sizes, training=False):
    layers = [2 * batch * a * b for a, b in zip(sizes, sizes[1:])]
    return 2 * sum(layers) - layers[0] if training else sum(layers)
