# why: all windows as a view, then the wanted rows
# exercise: lm_windows
def count_starts(n_tokens, context):
    return max(0, n_tokens - context)


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)
    if starts.min() < 0 or starts.max() >= legal:
        raise ValueError(f"starts must lie in [0, {legal})")
    windows = tokens.unfold(0, context + 1, 1)[starts].to(torch.int64)
    return windows[:, :context], windows[:, 1:]
