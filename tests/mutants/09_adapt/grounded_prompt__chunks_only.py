# mistake: counts the chunks' tokens alone
# caught: check_grounded_prompt
# says: rules, ids and question count as well
def grounded_prompt(question: str, found: list[tuple[str, str, float]], budget: int, floor: float) -> str:
    """A prompt with the sources that are near enough and fit, or NOT_IN_SOURCES."""

    def prompt(sources):
        return "\n\n".join([RULES, "\n".join(sources), f"Question: {question}\nAnswer:"])

    sources = []
    for name, chunk, cosine in found:
        if cosine >= floor and sum(map(count_tokens, [*sources, chunk])) <= budget:
            sources.append(f"[{name}] {chunk}")
    return prompt(sources) if sources else NOT_IN_SOURCES
