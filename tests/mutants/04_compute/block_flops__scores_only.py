# mistake: forgets that the values are weighted too
# caught: check_block_flops
# says: attention makes two products
def block_flops(batch, tokens, width, hidden):
    return {
        "projections": 8 * batch * tokens * width**2,
        "attention": 2 * batch * tokens**2 * width,
        "mlp": 4 * batch * tokens * width * hidden,
    }
