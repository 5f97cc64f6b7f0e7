# why: with a DataLoader and a list of orders
def probe(run, x: torch.Tensor, y: torch.Tensor) -> dict:
    """What a training run does in its first ten steps. run(x, y, steps, look). Returns: batches, foreign, moved."""
    seen = []
    run(x, y, 10, seen.append)
    foreign = sum(target != y[row].item() for step in seen for row, target in zip(step["rows"], step["targets"]))
    return {
        "batches": len({frozenset(step["rows"]) for step in seen}),
        "foreign": foreign,
        "moved": (seen[-1]["weight"] - seen[0]["weight"]).abs().max().item(),
    }


flat_causes = {"A": ..., "B": ..., "C": ..., "D": ...}
flat_causes = {"A": CAUSES[2], "B": CAUSES[0], "C": CAUSES[3], "D": CAUSES[1]}


def repaired(x: torch.Tensor, y: torch.Tensor, steps: int, look) -> nn.Module:
    """Patient B, mended: every post once in an epoch, each epoch in another order."""
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(5)
    net = nn.Linear(x.shape[1], 2)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.02)
    loader, done = DataLoader(TensorDataset(torch.arange(len(y)), x, y), batch_size=32, shuffle=True), 0
    while done < steps:
        for rows, inputs, targets in loader:
            if done == steps:
                break
            optimizer.zero_grad()
            loss = F.cross_entropy(net(inputs), targets)
            look({"rows": rows.tolist(), "loss": loss.item()})
            loss.backward()
            optimizer.step()
            done += 1
    return net
