# mistake: y is computed from a second draw of x (the line as it circulates)
# caught: check_make_line
# says: Is the x inside y the x that you return?
def make_line(n: int, w: float, b: float, noise: float):
    return torch.randn(n), w * torch.randn(n) + b + noise * torch.randn(n)
