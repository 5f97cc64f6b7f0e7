# why: freezes weight by weight, writes through .data, and merges a copy by load_state_dict
import copy


class LoRALinear(nn.Module):
    def __init__(self, linear, r, alpha):
        super().__init__()
        linear.weight.requires_grad = False
        if linear.bias is not None:
            linear.bias.requires_grad = False
        self.linear = linear
        self.register_parameter("A", nn.Parameter(torch.zeros_like(linear.weight[:1]).repeat(r, 1)))
        self.register_parameter("B", nn.Parameter(torch.zeros_like(linear.weight[:, :1]).repeat(1, r)))
        self.A.data = torch.randn_like(self.A.data) / linear.in_features**0.5
        self.factor = alpha / r

    def change(self):
        return self.factor * torch.einsum("or,ri->oi", self.B, self.A)

    def forward(self, x):
        low = nn.functional.linear(x, self.A)
        return self.linear(x) + self.factor * nn.functional.linear(low, self.B)


def merge(layer):
    new = copy.deepcopy(layer.linear)
    state = {name: tensor.clone() for name, tensor in new.state_dict().items()}
    state["weight"] = state["weight"] + layer.change().detach()
    new.load_state_dict(state)
    new.weight.data.add_(0.0)
    return new
