# mistake: draws one number and adds it to every point
# caught: check_make_line
# says: Is one number drawn for all points
def make_line(n: int, w: float, b: float, noise: float):
    x = torch.randn(n)
    return x, w * x + b + noise * torch.randn(1)
