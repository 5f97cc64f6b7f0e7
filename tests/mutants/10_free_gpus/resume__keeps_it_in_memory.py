# mistake: keeps the checkpoint in a variable
# caught: check_resume
# says: does save write into folder
KEPT = {}


def save(folder, net, optimizer, order, step):
    state = {
        "net": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "rng": torch.get_rng_state(),
        "rows": order.rows,
        "place": order.place,
    }
    KEPT["state"] = state


def load(folder, net, optimizer, order):
    if not KEPT:
        return 0
    state = KEPT["state"]
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
