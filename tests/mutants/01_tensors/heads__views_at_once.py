# mistake: gives the shape with view and never swaps
# caught: check_heads__split
# says: view alone cannot change the order of axes
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.reshape(batch, heads, tokens, features // heads)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
