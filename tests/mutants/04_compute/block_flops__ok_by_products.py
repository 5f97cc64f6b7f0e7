# why: a function for one product
def block_flops(batch, tokens, width, hidden):
    def product(m, n, p):
        return 2 * m * n * p
    rows = batch * tokens
    attention = batch * (product(tokens, width, tokens) + product(tokens, tokens, width))
    mlp = product(rows, width, hidden) + product(rows, hidden, width)
    return dict(mlp=mlp, attention=attention, projections=4 * product(rows, width, width))
