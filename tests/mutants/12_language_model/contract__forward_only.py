# mistake: counts the forward pass alone
# caught: check_contract
# says: forward only
def contract(
    vocabulary: int, width: int, layers: int, hidden: int, context: int, batch: int, steps: int, rate: float
) -> dict[str, float]:
    parameters = vocabulary * width + layers * (4 * width**2 + 3 * width * hidden + 2 * width) + width
    block = 2 * context * (4 * width**2 + 3 * width * hidden) + 4 * context**2 * width
    forward = layers * block + 2 * context * width * vocabulary
    flops = forward * batch * steps
    return {
        "parameters": parameters,
        "tokens": batch * context * steps,
        "flops": flops,
        "bytes": 16 * parameters,
        "seconds": flops / rate,
    }
