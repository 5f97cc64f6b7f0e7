# mistake: makes new tensors and lets the old ones be
# caught: check_clip_gradients
# says: does your function write into them
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.stack([g.norm() for g in present]).norm()

    if norm > max_norm:
        grads = [None if g is None else g * max_norm / norm for g in grads]
    return norm
