# why: torch.normal with a mean for each point
def make_line(n: int, w: float, b: float, noise: float):
    x = torch.normal(0.0, 1.0, size=(n,))
    return x, torch.normal(w * x + b, noise)
