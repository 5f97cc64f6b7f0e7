# why: moves the points to their centre and computes in float64
# exercise: pairwise
def pairwise_distances(x, y):
    centre = y.double().mean(0)
    a, b = x.double() - centre, y.double() - centre
    squares = a.pow(2).sum(-1).unsqueeze(1) + b.pow(2).sum(-1).unsqueeze(0) - 2 * torch.matmul(a, b.t())
    return squares.clamp_min(0).sqrt().to(x.dtype)
