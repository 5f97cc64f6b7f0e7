# why: one fused product, one in-place clamp of its own result
# exercise: pairwise
def pairwise_distances(x, y):
    squares = torch.addmm(y.norm(dim=1).square()[None], x, y.T, alpha=-2) + x.norm(dim=1, keepdim=True) ** 2
    return squares.clamp_(min=0.0).sqrt_()
