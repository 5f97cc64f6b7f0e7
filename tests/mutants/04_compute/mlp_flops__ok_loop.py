# why: a loop that asks which layer it is
def mlp_flops(batch, sizes, training=False):
    total = 0
    for n in range(len(sizes) - 1):
        product = 2 * batch * sizes[n] * sizes[n + 1]
        total += product * (1 if not training else 2 if n == 0 else 3)
    return total
