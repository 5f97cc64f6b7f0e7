# mistake: joins [D, H]
# caught: check_heads__merge
# says: join [D, H]
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.view(batch, tokens, heads, features // heads).transpose(1, 2)


def merge_heads(x):
    return x.permute(0, 2, 3, 1).flatten(2)
