# why: sums up product by product
def contract(vocabulary, width, layers, hidden, context, batch, steps, rate):
    products = []
    for _ in range(layers):
        products += (
            [2 * context * width * width] * 4 + [2 * context * width * hidden] * 3 + [2 * context * context * width] * 2
        )
    products.append(2 * context * width * vocabulary)
    weights = vocabulary * width + width
    for _ in range(layers):
        weights += 4 * width * width + 3 * width * hidden + width + width
    flops = (1 + 2) * sum(products) * batch * steps
    return dict(
        parameters=weights,
        tokens=batch * steps * context,
        flops=flops,
        bytes=(4 + 4 + 8) * weights,
        seconds=flops / rate,
    )
