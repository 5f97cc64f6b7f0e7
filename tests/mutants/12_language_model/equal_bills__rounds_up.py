# mistake: rounds up
# caught: check_equal_bills
# says: whole steps
def equal_bills(budget: float, sizes: list[tuple[int, int, int]], context: int, batch: int) -> list[int]:
    one = [contract(256, *size, context, batch, 1, 1.0)["flops"] for size in sizes]
    return [math.ceil(budget / flops) for flops in one]
