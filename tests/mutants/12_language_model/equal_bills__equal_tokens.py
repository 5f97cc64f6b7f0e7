# mistake: gives each the same tokens
# caught: check_equal_bills
# says: three sizes for
def equal_bills(budget: float, sizes: list[tuple[int, int, int]], context: int, batch: int) -> list[int]:
    one = [contract(256, *size, context, batch, 1, 1.0)["flops"] for size in sizes]
    return [int(budget // max(one)) for _ in one]
