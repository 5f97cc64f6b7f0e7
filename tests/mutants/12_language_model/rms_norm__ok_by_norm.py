# why: divides by the length over the root of the width
class RMSNorm(nn.Module):
    def __init__(self, width, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        y = x.double()
        y = y / torch.sqrt((y * y).sum(-1, keepdim=True) / x.shape[-1] + self.eps)
        return (y * self.weight.double()).to(x.dtype)
