# why: one matmul of [x, |x|², 1] with [-2y, 1, |y|²]
# exercise: pairwise
def pairwise_distances(x, y):
    one_x, one_y = torch.ones_like(x[:, :1]), torch.ones_like(y[:, :1])
    left = torch.cat([x, (x * x).sum(1, keepdim=True), one_x], dim=1)
    right = torch.cat([-2 * y, one_y, (y * y).sum(1, keepdim=True)], dim=1)
    squares = left @ right.T
    return torch.where(squares > 0, squares, torch.zeros_like(squares)).sqrt()
