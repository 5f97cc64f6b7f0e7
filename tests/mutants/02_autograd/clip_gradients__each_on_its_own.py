# mistake: clips every tensor by its own norm
# caught: check_clip_gradients
# says: is one factor used for all
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.stack([g.norm() for g in present]).norm()

    for g in present:
        if g.norm() > max_norm:
            g.mul_(max_norm / g.norm())
    return norm
