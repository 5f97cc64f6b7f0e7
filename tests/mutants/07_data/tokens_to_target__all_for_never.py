# mistake: gives all tokens where the target is never reached
# caught: check_tokens_to_target
# says: a target that is never reached
def tokens_to_target(losses, tokens_per_step, target, window=5):
    for step in range(window, len(losses) + 1):
        if sum(losses[step - window : step]) / window <= target:
            return step * tokens_per_step
    return len(losses) * tokens_per_step
