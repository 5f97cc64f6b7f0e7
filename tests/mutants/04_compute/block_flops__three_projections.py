# mistake: forgets the output projection
# caught: check_block_flops
# says: the output is a fourth
def block_flops(batch, tokens, width, hidden):
    return {
        "projections": 6 * batch * tokens * width**2,
        "attention": 4 * batch * tokens**2 * width,
        "mlp": 4 * batch * tokens * width * hidden,
    }
