# mistake: rolls the targets the wrong way
# caught: check_lm_windows__windows
# says: moved the wrong way
# exercise: lm_windows
def count_starts(n_tokens, context):
    return max(0, n_tokens - context)


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)
    if starts.min() < 0 or starts.max() >= legal:
        raise ValueError(f"starts must lie in [0, {legal})")
    places = starts[:, None] + torch.arange(context)
    return tokens[places].long(), tokens[places - 1].long()
