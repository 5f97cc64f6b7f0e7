# tries: a module whose parameters, state and forward pass are three different things
# must: net=failed|tampered|crashed *=not_attempted
# gains: 0

# %% exercise="net"
class Net(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.first, self.last = nn.Linear(d, h), nn.Linear(h, 1)
        self.register_buffer("memory", torch.zeros(1))

    def parameters(self, recurse=True):
        return iter([torch.nn.Parameter(torch.zeros(26))])

    def named_parameters(self, *args, **kwargs):
        return iter([("first.weight", torch.nn.Parameter(torch.zeros(26)))])

    def state_dict(self, *args, **kwargs):
        return {"../../etc/passwd": torch.zeros(1)}

    def forward(self, x):
        for parameter in super().parameters():
            parameter.data.zero_()
        return torch.zeros(len(x))

    def __getattr__(self, name):
        return super().__getattr__(name) if name in ("first", "last", "memory") else 26
