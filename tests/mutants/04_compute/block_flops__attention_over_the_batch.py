# mistake: lets every token look at the tokens of all texts
# caught: check_block_flops
# says: each of the B texts has scores of its own
def block_flops(batch, tokens, width, hidden):
    return {
        "projections": 8 * batch * tokens * width**2,
        "attention": 4 * (batch * tokens) ** 2 * width,
        "mlp": 4 * batch * tokens * width * hidden,
    }
