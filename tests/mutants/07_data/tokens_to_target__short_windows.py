# mistake: smooths over fewer losses at the beginning
# caught: check_tokens_to_target
# says: the mean of the last
def tokens_to_target(losses, tokens_per_step, target, window=5):
    for step in range(1, len(losses) + 1):
        if sum(losses[max(0, step - window) : step]) / min(step, window) <= target:
            return step * tokens_per_step
    return None
