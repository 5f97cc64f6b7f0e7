# mistake: forgets the optimiser's running means
# caught: check_resume
# says: does the optimiser remember its running means?
def pack(net, optimizer, step: int) -> dict:
    return copy.deepcopy({
        "net": net.state_dict(),
        "step": step,
        "rng": torch.get_rng_state(),
    })


def unpack(checkpoint: dict, net, optimizer) -> int:
    net.load_state_dict(checkpoint["net"])
    torch.set_rng_state(checkpoint["rng"])
    return checkpoint["step"]


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
