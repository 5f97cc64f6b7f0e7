# mistake: counts a hit instead of a share
# caught: check_recall_at_k
# says: one of two relevant passages found is one half
def recall_at_k(found: list[list[str]], relevant: list[list[str]], k: int) -> float:
    """Mean share of the relevant ids among the first k found, over the questions that have any."""
    shares = [float(bool(set(got[:k]) & set(right))) for got, right in zip(found, relevant, strict=True) if right]
    if not shares:
        raise ValueError("no question has a relevant passage")
    return sum(shares) / len(shares)
