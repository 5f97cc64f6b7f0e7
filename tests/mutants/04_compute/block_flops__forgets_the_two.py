# mistake: a multiplication and an addition counted as one
# caught: check_block_flops
# says: two FLOPs for each pair
def block_flops(batch, tokens, width, hidden):
    return {
        "projections": 4 * batch * tokens * width**2,
        "attention": 2 * batch * tokens**2 * width,
        "mlp": 2 * batch * tokens * width * hidden,
    }
