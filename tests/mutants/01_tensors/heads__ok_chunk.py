# why: cuts the features into chunks and stacks them
# exercise: heads
def split_heads(x, heads):
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"{features} features do not split into {heads} heads")
    return torch.stack(x.chunk(heads, dim=-1), dim=1)


def merge_heads(x):
    return torch.cat(x.unbind(1), dim=-1)
