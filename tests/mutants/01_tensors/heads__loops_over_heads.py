# mistake: stacks slices in a comprehension
# caught: check_heads__split
# says: expected no comprehension
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return torch.stack([x[..., i * (features // heads) : (i + 1) * (features // heads)] for i in range(heads)], dim=1)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
