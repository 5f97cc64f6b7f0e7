# mistake: calls view on the transposed tensor
# caught: check_heads__merge
# says: view size is not compatible
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.view(batch, tokens, heads, features // heads).transpose(1, 2)


def merge_heads(x):
    return x.transpose(1, 2).view(x.shape[0], x.shape[2], -1)
