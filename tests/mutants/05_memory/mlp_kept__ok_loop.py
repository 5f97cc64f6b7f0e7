# why: layer by layer
def mlp_kept(batch, sizes):
    total = 0
    for wide_in, _ in zip(sizes, sizes[1:]):
        total += batch * wide_in * 4
    return total
