# mistake: computes the factor with min(1, …) and divides by a norm of 0
# caught: check_clip_gradients
# says: 0 / 0
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.stack([g.norm() for g in present]).norm()

    for g in present:
        g.mul_(torch.where(max_norm / norm < 1, max_norm / norm, norm / norm))
    return norm
