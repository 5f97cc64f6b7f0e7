# mistake: draws x with rand, from 0 to 1
# caught: check_make_line
# says: Is x drawn from the standard normal distribution?
def make_line(n: int, w: float, b: float, noise: float):
    x = torch.rand(n)
    return x, w * x + b + noise * torch.randn(n)
