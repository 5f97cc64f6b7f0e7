# why: computes everything with F.linear
class LoRALinear(nn.Module):
    def __init__(self, linear, r, alpha):
        super().__init__()
        self.linear = linear
        for parameter in self.linear.parameters():
            parameter.requires_grad = False
        self.r, self.alpha = r, alpha
        self.A = nn.Parameter(
            torch.empty(r, linear.in_features, device=linear.weight.device, dtype=linear.weight.dtype)
        )
        self.B = nn.Parameter(
            torch.zeros(linear.out_features, r, device=linear.weight.device, dtype=linear.weight.dtype)
        )
        nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))

    def forward(self, x):
        return F.linear(x, self.linear.weight, self.linear.bias) + self.alpha / self.r * (x @ self.A.T @ self.B.T)


def merge(layer):
    weight = layer.linear.weight.detach() + layer.alpha / layer.r * (layer.B.detach() @ layer.A.detach())
    new = nn.Linear(weight.shape[1], weight.shape[0], bias=layer.linear.bias is not None)
    new.weight = nn.Parameter(weight)
    if layer.linear.bias is not None:
        new.bias = nn.Parameter(layer.linear.bias.detach().clone())
    return new
