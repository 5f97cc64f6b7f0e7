# mistake: splits and does not swap
# caught: check_heads__split
# says: swapped
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.view(batch, tokens, heads, features // heads)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
