# mistake: sets to 1 in place of counting
# caught: check_confusion
# says: five posts
def confusion(labels: list[int], guesses: list[int], classes: int) -> torch.Tensor:
    """How often class i (row) was taken for class j (column), int64 [classes, classes]."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64)
    for label, guess in zip(labels, guesses):
        matrix[label, guess] = 1
    return matrix


def f1_scores(matrix: torch.Tensor) -> torch.Tensor:
    """The F1 of each class, float [classes]. matrix: int64 [classes, classes], true classes in rows."""
    hits = matrix.diagonal().float()
    return 2 * hits / (matrix.sum(0) + matrix.sum(1)).clamp(min=1)
