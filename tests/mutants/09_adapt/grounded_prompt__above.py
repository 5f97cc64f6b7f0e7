# mistake: refuses the floor itself
# caught: check_grounded_prompt
# says: the floor itself is not
def grounded_prompt(question: str, found: list[tuple[str, str, float]], budget: int, floor: float) -> str:
    """A prompt with the sources that are near enough and fit, or NOT_IN_SOURCES."""

    def prompt(sources):
        return "\n\n".join([RULES, "\n".join(sources), f"Question: {question}\nAnswer:"])

    sources = []
    for name, chunk, cosine in found:
        if cosine > floor and count_tokens(prompt([*sources, f"[{name}] {chunk}"])) <= budget:
            sources.append(f"[{name}] {chunk}")
    return prompt(sources) if sources else NOT_IN_SOURCES
