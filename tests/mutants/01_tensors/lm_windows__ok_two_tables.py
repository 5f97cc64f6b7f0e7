# why: inputs and targets indexed separately, take in place of brackets
# exercise: lm_windows
def count_starts(n_tokens, context):
    return n_tokens - context if n_tokens > context else 0


def lm_windows(tokens, starts, context):
    legal = max(0, len(tokens) - context)
    if starts.min() < 0 or starts.max() >= legal:
        raise ValueError(f"starts must lie in [0, {legal})")
    places = starts.unsqueeze(1) + torch.arange(context).unsqueeze(0)
    stream = tokens.to(torch.int64)
    return [torch.take(stream, places), torch.take(stream, places + 1)]
