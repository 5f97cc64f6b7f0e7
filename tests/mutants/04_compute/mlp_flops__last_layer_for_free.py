# mistake: leaves out the blame of the last layer's input, not the first's
# caught: check_mlp_flops
# says: expected 34537472
def mlp_flops(batch, sizes, training=False):
    layers = [2 * batch * a * b for a, b in zip(sizes, sizes[1:])]
    return 3 * sum(layers) - layers[-1] if training else sum(layers)
