# why: one bincount; precision and recall
def confusion(labels: list[int], guesses: list[int], classes: int) -> torch.Tensor:
    """How often class i (row) was taken for class j (column), int64 [classes, classes]."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64)
    pairs = torch.tensor(labels, dtype=torch.int64) * classes + torch.tensor(guesses, dtype=torch.int64)
    return torch.bincount(pairs, minlength=classes * classes).view(classes, classes)


def f1_scores(matrix: torch.Tensor) -> torch.Tensor:
    """The F1 of each class, float [classes]. matrix: int64 [classes, classes], true classes in rows."""
    hits = matrix.diagonal().float()
    precision, recall = hits / matrix.sum(0), hits / matrix.sum(1)
    return torch.nan_to_num(2 * precision * recall / (precision + recall))
