# mistake: divides by the size, not by half of it
# caught: check_rotate
# says: point i turns by
def rotate(x: torch.Tensor) -> torch.Tensor:
    tokens, half = x.shape[-2], x.shape[-1] // 2
    frequency = 10000.0 ** (-torch.arange(half, device=x.device) / (2 * half))
    angle = torch.arange(tokens, device=x.device)[:, None] * frequency
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)
