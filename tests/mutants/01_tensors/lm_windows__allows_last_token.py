# mistake: checks against the wrong end
# caught: check_lm_windows__windows
# says: index 6 is out of bounds
# exercise: lm_windows
def count_starts(n_tokens, context):
    return max(0, n_tokens - context)


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)
    if starts.min() < 0 or starts.max() > legal:
        raise ValueError("bad start")
    windows = tokens[starts[:, None] + torch.arange(context + 1)].long()
    return windows[:, :-1], windows[:, 1:]
