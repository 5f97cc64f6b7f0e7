# mistake: does not expect a parameter without a gradient
# caught: check_clip_gradients
# says: NoneType
def clip_(grads, max_norm):
    norm = sum((g ** 2).sum() for g in grads) ** 0.5
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
