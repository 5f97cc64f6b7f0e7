# mistake: returns a single tensor
# caught: check_lm_windows__windows
# says: return its two overlapping parts
# exercise: lm_windows
def count_starts(n_tokens, context):
    return max(0, n_tokens - context)


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)
    if starts.min() < 0 or starts.max() >= legal:
        raise ValueError(f"starts must lie in [0, {legal})")
    return tokens[starts[:, None] + torch.arange(context + 1)].long()
