# mistake: cuts the windows in a loop
# caught: check_lm_windows__windows
# says: expected no
# exercise: lm_windows
def count_starts(n_tokens, context):
    return max(0, n_tokens - context)


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)
    if starts.min() < 0 or starts.max() >= legal:
        raise ValueError(f"starts must lie in [0, {legal})")
    windows = torch.stack([tokens[s : s + context + 1] for s in starts.tolist()]).long()
    return windows[:, :-1], windows[:, 1:]
