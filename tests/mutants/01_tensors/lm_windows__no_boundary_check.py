# mistake: lets a start of -1 wrap around
# caught: check_lm_windows__windows
# says: −1 would silently mean the last token
# exercise: lm_windows
def count_starts(n_tokens, context):
    return max(0, n_tokens - context)


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)

    windows = tokens[starts[:, None] + torch.arange(context + 1)].long()
    return windows[:, :-1], windows[:, 1:]
