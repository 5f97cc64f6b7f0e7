# why: builds the network and measures
def mlp_kept(batch, sizes):
    parts = []
    for before, after in zip(sizes, sizes[1:]):
        parts += [nn.Linear(before, after), nn.ReLU()]
    net = nn.Sequential(*parts[:-1])
    return kept(lambda: net(torch.ones(batch, sizes[0])), *net.parameters())
