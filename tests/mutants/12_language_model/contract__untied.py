# mistake: counts the table twice
# caught: check_contract
# says: parameters
def contract(
    vocabulary: int, width: int, layers: int, hidden: int, context: int, batch: int, steps: int, rate: float
) -> dict[str, float]:
    parameters = 2 * vocabulary * width + layers * (4 * width**2 + 3 * width * hidden + 2 * width) + width
    block = 2 * context * (4 * width**2 + 3 * width * hidden) + 4 * context**2 * width
    forward = layers * block + 2 * context * width * vocabulary
    flops = 3 * forward * batch * steps
    return {
        "parameters": parameters,
        "tokens": batch * context * steps,
        "flops": flops,
        "bytes": 16 * parameters,
        "seconds": flops / rate,
    }
