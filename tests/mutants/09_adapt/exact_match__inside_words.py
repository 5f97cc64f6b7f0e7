# mistake: replaces articles inside words
# caught: check_exact_match
# says: is it replaced inside a word
def tidy(text: str) -> str:
    """The text without capitals, punctuation, articles and needless space."""
    kept = "".join(letter for letter in text.lower() if letter.isalnum() or letter.isspace())
    for article in ("the", "an", "a "):
        kept = kept.replace(article, "")
    return " ".join(kept.split())


def exact_match(answers: list[str], accepted: list[list[str]]) -> float:
    """Share of the answers that equal one of their accepted texts, both tidied."""
    if not answers:
        raise ValueError("no answers: a share of nothing is not defined")
    return sum(
        tidy(got) in [tidy(text) for text in right] for got, right in zip(answers, accepted, strict=True)
    ) / len(answers)
