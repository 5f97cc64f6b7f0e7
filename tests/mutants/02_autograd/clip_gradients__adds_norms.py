# mistake: adds the norms of the tensors
# caught: check_clip_gradients
# says: norms do not add up
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = sum(g.norm() for g in present)
    if norm > max_norm:
        for g in present:
            g.mul_(max_norm / norm)
    return norm
