# mistake: sets a seed inside, so that every call gives the same points
# caught: check_make_line
# says: yours are the same twice
def make_line(n: int, w: float, b: float, noise: float):
    torch.manual_seed(0)
    x = torch.randn(n)
    return x, w * x + b + noise * torch.randn(n)
