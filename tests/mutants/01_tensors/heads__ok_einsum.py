# why: einsum swaps; reshape splits and joins
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return torch.einsum("bthd->bhtd", x.reshape(batch, tokens, heads, features // heads))


def merge_heads(x):
    return torch.einsum("bhtd->bthd", x).reshape(x.shape[0], x.shape[2], -1)
