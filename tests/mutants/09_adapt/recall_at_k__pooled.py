# mistake: weighs questions by their passages
# caught: check_recall_at_k
# says: each question weighs the same
def recall_at_k(found: list[list[str]], relevant: list[list[str]], k: int) -> float:
    """Mean share of the relevant ids among the first k found, over the questions that have any."""
    shares = [
        len(set(got[:k]) & set(right)) / len(set(right)) for got, right in zip(found, relevant, strict=True) if right
    ]
    if not shares:
        raise ValueError("no question has a relevant passage")
    return sum(len(set(got[:k]) & set(right)) for got, right in zip(found, relevant)) / sum(map(len, relevant))
