# mistake: takes an answer that holds an accepted text
# caught: check_exact_match
# says: exact: equal
def tidy(text: str) -> str:
    """The text without capitals, punctuation, articles and needless space."""
    kept = "".join(letter for letter in text.lower() if letter.isalnum() or letter.isspace())
    return " ".join(word for word in kept.split() if word not in ("a", "an", "the"))


def exact_match(answers: list[str], accepted: list[list[str]]) -> float:
    """Share of the answers that equal one of their accepted texts, both tidied."""
    if not answers:
        raise ValueError("no answers: a share of nothing is not defined")
    return sum(
        any(tidy(text) in tidy(got) for text in right) for got, right in zip(answers, accepted, strict=True)
    ) / len(answers)
