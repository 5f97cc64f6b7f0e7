# mistake: counts steps from nought
# caught: check_tokens_to_target
# says: is the first step number one
def tokens_to_target(losses, tokens_per_step, target, window=5):
    for step in range(window, len(losses) + 1):
        if sum(losses[step - window : step]) / window <= target:
            return (step - 1) * tokens_per_step
    return None
