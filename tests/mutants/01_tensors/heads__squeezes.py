# mistake: tidies the result with squeeze(), which also removes axes that happen to have length 1
# caught: check_heads__split
# says: expected shape
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return x.view(batch, tokens, heads, features // heads).transpose(1, 2).squeeze()


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
