# mistake: uses the estimate
# caught: check_equal_bills
# says: FLOPs a step, whole steps
def equal_bills(budget: float, sizes: list[tuple[int, int, int]], context: int, batch: int) -> list[int]:
    one = [6 * contract(256, *size, context, batch, 1, 1.0)["parameters"] * batch * context for size in sizes]
    return [int(budget // flops) for flops in one]
