# mistake: merges without alpha / r
# caught: check_lora__merge
# says: the merged layer's output
class LoRALinear(nn.Module):
    """A frozen nn.Linear (`linear`) with a trained change of rank r beside it (`A` [r, in], `B` [out, r])."""

    def __init__(self, linear: nn.Linear, r: int, alpha: float):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.A = nn.Parameter(linear.weight.new_empty(r, linear.in_features))
        self.B = nn.Parameter(linear.weight.new_zeros(linear.out_features, r))
        nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))
        self.scale = alpha / r

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: [..., in]. Returns: [..., out]."""
        return self.linear(x) + x @ self.A.T @ self.B.T * self.scale


def merge(layer: LoRALinear) -> nn.Linear:
    """A new nn.Linear that computes what the layer computes."""
    old = layer.linear
    new = nn.Linear(
        old.in_features, old.out_features, bias=old.bias is not None, device=old.weight.device, dtype=old.weight.dtype
    )
    with torch.no_grad():
        new.weight.copy_(old.weight + layer.B @ layer.A)
        if old.bias is not None:
            new.bias.copy_(old.bias)
    return new
