# why: two files in turn; the newest that can be read
def save(folder, net, optimizer, order, step):
    state = [step, net.state_dict(), optimizer.state_dict(), order.rows, order.place, torch.random.get_rng_state()]
    torch.save(state, folder / f"{step // 10 % 2}.pt")


def load(folder, net, optimizer, order):
    best = None
    for path in folder.glob("*.pt"):
        try:
            state = torch.load(path, weights_only=True)
        except Exception:
            continue
        if best is None or state[0] > best[0]:
            best = state
    if best is None:
        return 0
    net.load_state_dict(best[1])
    optimizer.load_state_dict(best[2])
    order.rows, order.place = best[3], best[4]
    torch.random.set_rng_state(best[5])
    return best[0]

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
