# mistake: lets the cosine begin with the warm-up
# caught: check_rate_at
# says: rate_at
def rate_at(step: int, steps: int, peak: float) -> float:
    warm = max(1, steps // 20)
    if step < warm:
        return peak * (step + 1) / warm
    return 0.1 * peak + 0.45 * peak * (1 + math.cos(math.pi * step / steps))
