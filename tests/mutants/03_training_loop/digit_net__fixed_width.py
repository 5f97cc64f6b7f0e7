# mistake: ignores the width that it is given
# caught: check_digit_net
# says: Does every layer use the width
class DigitNet(nn.Module):
    def __init__(self, hidden: int = 128, dropout: float = 0.0):
        super().__init__()
        self.first = nn.Linear(64, 20)
        self.second = nn.Linear(20, 20)
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(20, 10)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.relu(self.second(x))
        return self.last(self.drop(x))
