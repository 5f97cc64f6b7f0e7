# why: the norm of the norms, a factor clamped at 1, as PyTorch does it
def clip_(grads, max_norm):
    present = [g for g in grads if g is not None]
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in present]))
    factor = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    for g in present:
        g *= factor
    return norm
