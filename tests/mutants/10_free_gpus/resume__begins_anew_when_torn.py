# mistake: begins anew when the checkpoint is torn
# caught: check_resume__torn
# says: Is the last good checkpoint lost
def save(folder, net, optimizer, order, step):
    state = {
        "net": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "rng": torch.get_rng_state(),
        "rows": order.rows,
        "place": order.place,
    }
    torch.save(state, folder / "checkpoint.pt")


def load(folder, net, optimizer, order):
    if not (folder / "checkpoint.pt").exists():
        return 0
    try:
        state = torch.load(folder / "checkpoint.pt", weights_only=True)
    except Exception:
        return 0
    net.load_state_dict(state["net"])
    optimizer.load_state_dict(state["optimizer"])
    order.rows = state["rows"]
    order.place = state["place"]
    torch.set_rng_state(state["rng"])
    return state["step"]


@lesson.machine
def train(folder, steps, x, y, record):
    torch.manual_seed(0)
    net, order = little_net(), Shuffled(len(x), 32)
    optimizer = torch.optim.AdamW(net.parameters())
    step = load(folder, net, optimizer, order)
    while step < steps:
        if step % 10 == 0:
            save(folder, net, optimizer, order, step)
        optimizer.param_groups[0]["lr"] = warmed(step)
        rows = order.next()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        record(step, loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
