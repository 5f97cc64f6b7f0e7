# mistake: takes the heads for places
# caught: check_rotate
# says: at the places 0 and 1
def rotate(x: torch.Tensor) -> torch.Tensor:
    tokens, half = x.shape[1], x.shape[-1] // 2
    frequency = 10000.0 ** (-torch.arange(half, device=x.device) / half)
    angle = torch.arange(tokens, device=x.device)[:, None] * frequency
    cos, sin = angle.cos().to(x.dtype)[:, None], angle.sin().to(x.dtype)[:, None]
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)
