# why: builds the network on the meta device and counts
def mlp_flops(batch, sizes, training=False):
    layers = [nn.Linear(a, b, bias=False, device="meta") for a, b in zip(sizes, sizes[1:])]
    rows = torch.zeros(batch, sizes[0], device="meta")
    net = nn.Sequential(*layers)
    return counted(lambda: net(rows).sum().backward() if training else net(rows))
