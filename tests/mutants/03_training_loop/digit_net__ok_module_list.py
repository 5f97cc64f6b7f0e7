# why: nn.ModuleList, and F.dropout that knows of the mode
class DigitNet(nn.Module):
    def __init__(self, hidden: int = 128, dropout: float = 0.0):
        super().__init__()
        self.p = dropout
        sizes = [64, hidden, hidden, 10]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = layer(x).clamp(min=0)
        return self.layers[-1](F.dropout(x, self.p, training=self.training))
