# mistake: works for the sizes of the example only
# caught: check_heads__split
# says: split, other sizes
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.view(2, 3, heads, 5).transpose(1, 2)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
