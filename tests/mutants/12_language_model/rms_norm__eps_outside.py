# mistake: adds eps outside the root
# caught: check_rms_norm
# says: is eps inside the root
class RMSNorm(nn.Module):

    def __init__(self, width: int, eps: float = 1e-6):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        wide = wide / (wide.square().mean(-1, keepdim=True).sqrt() + self.eps)
        return (self.weight * wide).to(x.dtype)
