# mistake: takes single losses
# caught: check_tokens_to_target
# says: a spike that is no target reached
def tokens_to_target(losses, tokens_per_step, target, window=5):
    for step in range(1, len(losses) + 1):
        if losses[step - 1] <= target:
            return step * tokens_per_step
    return None
