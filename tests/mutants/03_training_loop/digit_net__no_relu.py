# mistake: three Linears in a row
# caught: check_digit_net
# says: Three Linears in a row are one Linear
class DigitNet(nn.Module):
    def __init__(self, hidden: int = 128, dropout: float = 0.0):
        super().__init__()
        self.first = nn.Linear(64, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.last(self.drop(self.second(self.first(x))))
