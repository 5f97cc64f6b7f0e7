# mistake: returns the norm after clipping
# caught: check_clip_gradients
# says: this is the norm after clipping
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.stack([g.norm() for g in present]).norm()

    if norm > max_norm:
        for g in present:
            g.mul_(max_norm / norm)
    return torch.stack([g.norm() for g in present]).norm()
