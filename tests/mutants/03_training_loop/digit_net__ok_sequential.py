# why: one nn.Sequential
class DigitNet(nn.Module):
    def __init__(self, hidden: int = 128, dropout: float = 0.0):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, hidden), nn.ReLU(),
            nn.Linear(hidden, hidden), nn.ReLU(),
            nn.Dropout(dropout), nn.Linear(hidden, 10),
        )

    def forward(self, x):
        return self.layers(x)
