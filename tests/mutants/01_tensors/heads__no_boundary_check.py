# mistake: floors the size and drops the features that are left over
# caught: check_heads__split
# says: check features % heads
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape

    return x[..., : heads * (features // heads)].reshape(batch, tokens, heads, features // heads).transpose(1, 2)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
