# mistake: looks at the first step's targets only
# caught: check_flat__evidence
# says: over all ten steps
def probe(run, x: torch.Tensor, y: torch.Tensor) -> dict:
    """What a training run does in its first ten steps. run(x, y, steps, look). Returns: batches, foreign, moved."""
    seen = []
    run(x, y, 10, seen.append)
    foreign = sum(target != y[row].item() for step in seen[:1] for row, target in zip(step["rows"], step["targets"]))
    return {
        "batches": len({tuple(sorted(step["rows"])) for step in seen}),
        "foreign": foreign,
        "moved": (seen[-1]["weight"] - seen[0]["weight"]).abs().max().item(),
    }


flat_causes = {"A": ..., "B": ..., "C": ..., "D": ...}
flat_causes = {"A": CAUSES[2], "B": CAUSES[0], "C": CAUSES[3], "D": CAUSES[1]}


def repaired(x: torch.Tensor, y: torch.Tensor, steps: int, look) -> nn.Module:
    """Patient B, mended: every post once in an epoch, each epoch in another order."""
    torch.manual_seed(0)
    net = nn.Linear(x.shape[1], 2)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.02)
    epoch, feed = 0, iter(())
    for _ in range(steps):
        rows = next(feed, None)
        if rows is None:
            epoch, feed = epoch + 1, batches(len(y), seed=epoch)
            rows = next(feed)
        loss = F.cross_entropy(net(x[rows]), y[rows])
        look({"rows": rows.tolist(), "loss": loss.item()})
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net
