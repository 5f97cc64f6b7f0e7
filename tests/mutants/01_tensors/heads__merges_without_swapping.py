# mistake: reshapes and never swaps back
# caught: check_heads__merge
# says: Bring H next to D before you join them
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.view(batch, tokens, heads, features // heads).transpose(1, 2)


def merge_heads(x):
    return x.reshape(x.shape[0], x.shape[2], -1)
