# tries: forward overwrites the weights that the check has just set, so that every answer is zero, as it says
# must: net=failed *=not_attempted
# gains: 0

# %% exercise="net"
class Net(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.first, self.last = nn.Linear(d, h), nn.Linear(h, 1)

    def forward(self, x):
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.zero_()
        x.zero_()
        return (self.last(self.first(x))).squeeze(-1)
