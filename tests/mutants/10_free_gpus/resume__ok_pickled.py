# why: one file, written in memory first and renamed; tensors as lists of bytes
def save(folder, net, optimizer, order, step):
    import io

    buffer = io.BytesIO()
    torch.save(
        {"a": net.state_dict(), "b": optimizer.state_dict(), "c": vars(order), "d": torch.get_rng_state(), "e": step},
        buffer,
    )
    (folder / "last.part").write_bytes(buffer.getvalue())
    (folder / "last.part").rename(folder / "last")


def load(folder, net, optimizer, order):
    if not (folder / "last").is_file():
        return 0
    state = torch.load(folder / "last", weights_only=True)
    net.load_state_dict(state["a"])
    optimizer.load_state_dict(state["b"])
    vars(order).update(state["c"])
    torch.set_rng_state(state["d"])
    return state["e"]


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
