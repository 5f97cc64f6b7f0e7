# why: merges into a deep copy
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
    import copy

    new = copy.deepcopy(old)
    with torch.no_grad():
        new.weight += layer.scale * layer.B @ layer.A
    return new
