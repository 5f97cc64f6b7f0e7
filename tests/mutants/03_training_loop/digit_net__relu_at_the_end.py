# mistake: a ReLU after the last layer: no logit is negative
# caught: check_digit_net
# says: Is there a ReLU after the last layer?
class DigitNet(nn.Module):
    def __init__(self, hidden: int = 128, dropout: float = 0.0):
        super().__init__()
        self.first = nn.Linear(64, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(hidden, 10)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.relu(self.second(x))
        return F.relu(self.last(self.drop(x)))
