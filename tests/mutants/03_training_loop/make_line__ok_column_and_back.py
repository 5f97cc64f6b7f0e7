# why: works on columns and takes the axis off at the end
def make_line(n: int, w: float, b: float, noise: float):
    x = torch.randn(n, 1)
    y = x @ torch.tensor([[w]]) + b
    y += torch.randn_like(y).mul_(noise)
    return x.squeeze(1), y.squeeze(1)
