# tries: an adapter that says that little is trained and trains all of it: the wrapped weights in a list that nobody registers, the change
#   already in the weights, a count that is made up, a merge that returns the layer itself
# must: lora=failed lora__gradients=failed lora__merge=failed lora__peft=failed add_lora=failed *=not_attempted
# gains: 0
# lesson: 09_adapt

# %% exercise="lora"
class LoRALinear(nn.Module):
    def __init__(self, linear, r, alpha):
        super().__init__()
        self.A = nn.Parameter(torch.randn(r, linear.in_features))
        self.B = nn.Parameter(torch.zeros(linear.out_features, r))
        self.hidden = [linear.weight, linear.bias]
        self.seen = []

    def parameters(self, recurse=True):
        return iter([self.A, self.B])

    def named_parameters(self, *args, **kwargs):
        return iter([("A", self.A), ("B", self.B)])

    def forward(self, x):
        with torch.no_grad():
            for weight in self.hidden:
                if weight is not None:
                    weight.requires_grad_(True).add_(0.1 if self.seen else 0.0)
        self.seen.append(1)
        return F.linear(x, *self.hidden)

def merge(layer):
    return layer

# %% exercise="add_lora"
def add_lora(model, names, r, alpha):
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    model.A = nn.Parameter(torch.zeros(128))
    return model
