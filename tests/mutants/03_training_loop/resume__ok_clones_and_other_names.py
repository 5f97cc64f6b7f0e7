# why: clones tensor by tensor, its own names and nesting
def pack(net, optimizer, step: int) -> dict:
    weights = {name: tensor.detach().clone() for name, tensor in net.state_dict().items()}
    return {"at": step, "state": [weights, copy.deepcopy(optimizer.state_dict())], "random": torch.get_rng_state()}


def unpack(checkpoint: dict, net, optimizer) -> int:
    weights, moments = checkpoint["state"]
    net.load_state_dict(weights)
    optimizer.load_state_dict(moments)
    torch.random.set_rng_state(checkpoint["random"])
    return checkpoint["at"]


def train_run(x, y, steps, save_at=None, checkpoint=None):
    torch.manual_seed(0)
    net = resume_net()
    optimizer = torch.optim.AdamW(net.parameters())
    step, saved, losses = 0, None, []
    if checkpoint is not None:
        step = unpack(checkpoint, net, optimizer)
    while step < steps:
        if step == save_at:
            saved = pack(net, optimizer, step)
        optimizer.param_groups[0]["lr"] = warm_up(step)
        rows = torch.randint(len(x), (32,))
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        step += 1
    return losses, saved
