# mistake: takes repetitions out before it counts to k
# caught: check_recall_at_k
# says: repetitions among them
def recall_at_k(found: list[list[str]], relevant: list[list[str]], k: int) -> float:
    """Mean share of the relevant ids among the first k found, over the questions that have any."""
    shares = [
        len(set(list(dict.fromkeys(got))[:k]) & set(right)) / len(set(right))
        for got, right in zip(found, relevant, strict=True)
        if right
    ]
    if not shares:
        raise ValueError("no question has a relevant passage")
    return sum(shares) / len(shares)
