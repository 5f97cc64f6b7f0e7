# why: a running sum
def tokens_to_target(losses, tokens_per_step, target, window=5):
    total = 0.0
    for step, loss in enumerate(losses, start=1):
        total += loss
        if step > window:
            total -= losses[step - window - 1]
        if step >= window and total / window <= target + 1e-12:
            return tokens_per_step * step
