# why: with torch and statistics
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
    first, last = torch.tensor(losses[:10]).mean().item(), torch.tensor(losses[len(losses) - 10 :]).mean().item()
    nothing = math.log(classes)
    if last / first > 1.5:
        return "rate"
    return "data" if 0.97 * nothing <= last <= 1.03 * nothing or last < 0.01 else "nothing"
