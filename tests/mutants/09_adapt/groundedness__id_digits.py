# mistake: takes an id's digits for a number of the answer
# caught: check_groundedness
# says: the digits of an id
def groundedness(answer: str, sources: dict[str, str]) -> dict:
    """Which sources an answer cites, which it invents, and which of its numbers no cited source holds."""
    named = set(re.findall(r"\[(rc-\d+)\]", answer))
    cited, unknown = sorted(named & set(sources)), sorted(named - set(sources))
    held = {number for name in cited for number in numbers(sources[name])}
    claimed = numbers(answer)
    missing = [number for number in dict.fromkeys(claimed) if number not in held]
    refuses = tidy(answer) == tidy(NOT_IN_SOURCES)
    return {
        "cited": cited,
        "unknown": unknown,
        "numbers": missing,
        "grounded": refuses or bool(cited and not unknown and not missing),
    }
