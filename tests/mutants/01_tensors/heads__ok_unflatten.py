# why: unflatten and permute, contiguous view
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.unflatten(-1, (heads, -1)).permute(0, 2, 1, 3)


def merge_heads(x):
    return x.permute(0, 2, 1, 3).contiguous().view(x.shape[0], x.shape[2], x.shape[1] * x.shape[3])
