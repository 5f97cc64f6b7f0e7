# why: between two ends
def rate_at(step, steps, peak):
    warm = max(steps // 20, 1)
    if step + 1 <= warm:
        return (step + 1) * peak / warm
    share = (math.cos((step - warm) * math.pi / (steps - warm)) + 1) / 2
    return share * peak + (1 - share) * peak / 10
