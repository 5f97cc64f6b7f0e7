# mistake: swaps batch and context
# caught: check_equal_bills
# says: FLOPs a step, whole steps
def equal_bills(budget: float, sizes: list[tuple[int, int, int]], context: int, batch: int) -> list[int]:
    one = [contract(256, *size, batch, context, 1, 1.0)["flops"] for size in sizes]
    return [int(budget // flops) for flops in one]
