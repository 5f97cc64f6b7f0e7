# mistake: knows networks of two layers only
# caught: check_mlp_flops
# says: 1 layers forwards
def mlp_flops(batch, sizes, training=False):
    first = 2 * batch * sizes[0] * sizes[1]
    last = 2 * batch * sizes[-2] * sizes[-1]
    return 3 * (first + last) - first if training else first + last
