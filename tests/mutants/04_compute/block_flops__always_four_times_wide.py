# mistake: takes the hidden size for 4 · width
# caught: check_block_flops
# says: is hidden used as it is given
def block_flops(batch, tokens, width, hidden):
    return {
        "projections": 8 * batch * tokens * width**2,
        "attention": 4 * batch * tokens**2 * width,
        "mlp": 16 * batch * tokens * width**2,
    }
