# mistake: counts questions without an answer as failures
# caught: check_recall_at_k
# says: a question without an answer is left out
def recall_at_k(found: list[list[str]], relevant: list[list[str]], k: int) -> float:
    """Mean share of the relevant ids among the first k found, over the questions that have any."""
    shares = [
        len(set(got[:k]) & set(right)) / max(1, len(set(right))) for got, right in zip(found, relevant, strict=True)
    ]
    if not shares:
        raise ValueError("no question has a relevant passage")
    return sum(shares) / len(shares)
