# mistake: a negative number of starts for a short stream
# caught: check_lm_windows__starts
# says: not a negative number
# exercise: lm_windows
def count_starts(n_tokens, context):
    return n_tokens - context


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)
    if starts.min() < 0 or starts.max() >= legal:
        raise ValueError(f"starts must lie in [0, {legal})")
    windows = tokens[starts[:, None] + torch.arange(context + 1)].long()
    return windows[:, :-1], windows[:, 1:]
