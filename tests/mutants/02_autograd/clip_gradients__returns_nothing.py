# mistake: clips and returns nothing
# caught: check_clip_gradients
# says: returns None
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.stack([g.norm() for g in present]).norm()

    if norm > max_norm:
        for g in present:
            g.mul_(max_norm / norm)
