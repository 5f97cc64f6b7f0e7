# mistake: scales short gradients up to max_norm
# caught: check_clip_gradients
# says: is a factor above 1 ever needed
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.stack([g.norm() for g in present]).norm()

    for g in present:
        g.mul_(max_norm / (norm + 1e-12))
    return norm
