# mistake: clips every number on its own
# caught: check_clip_gradients
# says: each number was clipped on its own, which turns the step
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.stack([g.norm() for g in present]).norm()

    for g in present:
        g.clamp_(-max_norm, max_norm)
    return norm
