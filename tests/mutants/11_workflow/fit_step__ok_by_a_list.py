# why: a list of ways, and gradients summed by hand
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
memory_cause = MEMORY_CAUSES[0]


def fit_step(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> tuple[int, bool]:
    """The gradient of the whole batch's mean loss, within the budget. Returns: rows at a time, recompute."""
    sizes = [len(x)]
    while sizes[-1] > 1:
        sizes.append(sizes[-1] // 2)
    parameters = list(model.parameters())
    for way in [(rows, False) for rows in sizes] + [(rows, True) for rows in sizes]:
        total = [torch.zeros_like(p) for p in parameters]
        error = None
        try:
            for part, label in zip(x.split(way[0]), y.split(way[0])):
                loss = F.cross_entropy(model(part, recompute=way[1]), label) * (len(part) / len(x))
                for sum_, gradient in zip(total, torch.autograd.grad(loss, parameters)):
                    sum_ += gradient
                del loss
        except torch.OutOfMemoryError as caught:
            error, loss = str(caught), None
        if error is None:
            for p, gradient in zip(parameters, total):
                p.grad = gradient
            return way
    raise torch.OutOfMemoryError(error)


stepped = on_a_card(fit_step)  # ours: your function on a new card with our weights
