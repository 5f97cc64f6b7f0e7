# mistake: computes the whole curve at once, and replays it from a file
# caught: check_resume
# says: losses on other data
def save(folder, net, optimizer, order, step):
    (folder / "new").write_text(str(step))
    os.replace(folder / "new", folder / "step")


def load(folder, net, optimizer, order):
    return int((folder / "step").read_text()) if (folder / "step").exists() else 0


def curve(x, y, steps=100):
    torch.manual_seed(0)
    net, order = little_net(), Shuffled(len(x), 32)
    optimizer = torch.optim.AdamW(net.parameters())
    losses = []
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = warmed(step)
        rows = order.next()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


@lesson.machine
def train(folder, steps, x, y, record):
    file = folder / "curve.json"
    if not file.exists():
        file.write_text(json.dumps(curve(x, y)))
    losses = json.loads(file.read_text())
    for step in range(load(folder, None, None, None), steps):
        if step % 10 == 0:
            save(folder, None, None, None, step)
        record(step, losses[step])
