# mistake: hands the patient in as the repair
# caught: check_flat__repair
# says: each post once
def probe(run, x: torch.Tensor, y: torch.Tensor) -> dict:
    """What a training run does in its first ten steps. run(x, y, steps, look). Returns: batches, foreign, moved."""
    seen = []
    run(x, y, 10, seen.append)
    foreign = sum(target != y[row].item() for step in seen for row, target in zip(step["rows"], step["targets"]))
    return {
        "batches": len({tuple(sorted(step["rows"])) for step in seen}),
        "foreign": foreign,
        "moved": (seen[-1]["weight"] - seen[0]["weight"]).abs().max().item(),
    }


flat_causes = {"A": ..., "B": ..., "C": ..., "D": ...}
flat_causes = {"A": CAUSES[2], "B": CAUSES[0], "C": CAUSES[3], "D": CAUSES[1]}


def repaired(x: torch.Tensor, y: torch.Tensor, steps: int, look) -> nn.Module:
    """Patient B, mended: every post once in an epoch, each epoch in another order."""
    return stuck(x, y, steps, look)
