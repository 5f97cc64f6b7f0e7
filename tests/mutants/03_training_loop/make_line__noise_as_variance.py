# mistake: takes the standard deviation for a variance
# caught: check_make_line
# says: noise is a standard deviation, not a variance
def make_line(n: int, w: float, b: float, noise: float):
    x = torch.randn(n)
    return x, w * x + b + noise ** 0.5 * torch.randn(n)
