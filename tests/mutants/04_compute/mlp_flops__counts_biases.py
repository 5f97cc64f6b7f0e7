# mistake: one more FLOP for each bias and row
# caught: check_mlp_flops
# says: the biases are in it
def mlp_flops(batch, sizes, training=False):
    layers = [2 * batch * a * b + batch * b for a, b in zip(sizes, sizes[1:])]
    return 3 * sum(layers) - layers[0] if training else sum(layers)
