# mistake: leaves the intercept out
# caught: check_make_line
# says: is b added once
def make_line(n: int, w: float, b: float, noise: float):
    x = torch.randn(n)
    return x, w * x + noise * torch.randn(n)
