# mistake: divides by nothing in short runs
# caught: check_rate_at
# says: the warm-up has max(1, steps // 20) steps
def rate_at(step: int, steps: int, peak: float) -> float:
    warm = steps // 20
    if step < warm:
        return peak * (step + 1) / warm
    return 0.1 * peak + 0.45 * peak * (1 + math.cos(math.pi * (step - warm) / (steps - warm)))
