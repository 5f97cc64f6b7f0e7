# why: multiplies complex numbers
def rotate(x):
    half = x.shape[-1] // 2
    points = torch.complex(x[..., :half].contiguous(), x[..., half:].contiguous())
    frequency = 10000.0 ** (-torch.arange(half, device=x.device, dtype=torch.float64) / half)
    angle = torch.arange(x.shape[-2], device=x.device)[:, None] * frequency
    turned = points * torch.polar(torch.ones_like(angle), angle).to(points.dtype)
    return torch.cat([turned.real, turned.imag], -1)
