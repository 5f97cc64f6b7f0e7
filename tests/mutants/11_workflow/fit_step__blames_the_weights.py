# mistake: blames the weights
# caught: check_fit_step__cause
# says: what does it grow with
bytes_evidence = {"row": ..., "recomputed": ..., "most": ...}
memory_cause = ...
_used = {}
for _rows in (1, 2):
    for _again in (False, True):
        _card = Card()
        _alive = _card(X[:_rows], _again)
        _used[_rows, _again] = _card.used
_row = _used[2, False] - _used[1, False]
bytes_evidence = {"row": _row, "recomputed": _used[2, True] - _used[1, True], "most": 2_000_000 // _row}
memory_cause = MEMORY_CAUSES[1]


def fit_step(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> tuple[int, bool]:
    """The gradient of the whole batch's mean loss, within the budget. Returns: rows at a time, recompute."""

    def attempt(rows, recompute):
        try:
            for start in range(0, len(x), rows):
                logits = model(x[start : start + rows], recompute)
                (F.cross_entropy(logits, y[start : start + rows], reduction="sum") / len(x)).backward()
            return None
        except torch.OutOfMemoryError as error:
            model.zero_grad()
            return str(error)

    for recompute in (False, True):
        rows = len(x)
        while rows:
            said = attempt(rows, recompute)
            if said is None:
                return rows, recompute
            rows //= 2
    raise torch.OutOfMemoryError(said)


stepped = on_a_card(fit_step)  # ours: your function on a new card with our weights
