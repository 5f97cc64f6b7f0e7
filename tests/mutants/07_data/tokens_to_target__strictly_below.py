# mistake: wants less than the target
# caught: check_tokens_to_target
# says: expected 30
def tokens_to_target(losses, tokens_per_step, target, window=5):
    for step in range(window, len(losses) + 1):
        if sum(losses[step - window : step]) / window < target:
            return step * tokens_per_step
    return None
