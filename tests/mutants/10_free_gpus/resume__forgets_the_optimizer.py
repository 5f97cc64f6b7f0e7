# mistake: forgets the optimiser's running means
# caught: check_resume
# says: does the optimiser remember its running means
def save(folder, net, optimizer, order, step):
    state = {
        "net": net.state_dict(),
        "step": step,
        "rng": torch.get_rng_state(),
        "rows": order.rows,
        "place": order.place,
    }
    torch.save(state, folder / "new")
    os.replace(folder / "new", folder / "checkpoint.pt")


def load(folder, net, optimizer, order):
    if not (folder / "checkpoint.pt").exists():
        return 0
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    net.load_state_dict(state["net"])
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
