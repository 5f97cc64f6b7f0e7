# mistake: forgets the way down
# caught: check_block_flops
# says: up and down are two products
def block_flops(batch, tokens, width, hidden):
    return {
        "projections": 8 * batch * tokens * width**2,
        "attention": 4 * batch * tokens**2 * width,
        "mlp": 2 * batch * tokens * width * hidden,
    }
