# mistake: knows two classes only
# caught: check_first_look
# says: which logarithm
def first_look(losses: list[float], classes: int, error: str | None = None) -> str:
    """Where to look first: batch, devices, error, step, wait, rate, data or nothing."""
    if error is not None:
        said = error.lower()
        if "out of memory" in said:
            return "batch"
        return "devices" if "expected device" in said or "same device" in said else "error"
    if not all(map(math.isfinite, losses)):
        return "step"
    if len(losses) < 20:
        return "wait"
    first, last = sum(losses[:10]) / 10, sum(losses[-10:]) / 10
    if last > 1.5 * first:
        return "rate"
    if abs(last - math.log(2)) <= 0.03 * math.log(2) or last < 0.01:
        return "data"
    return "nothing"
