# mistake: counts the examples without instruction and question
# caught: check_few_shot
# says: a budget for exactly
def few_shot(instruction: str, examples: list[tuple[str, str]], text: str, budget: int) -> str:
    """Instruction, worked examples and the new case, in at most `budget` tokens."""

    def prompt(shown):
        blocks = [f"Post: {one}\nAnswer: {label}" for one, label in shown]
        return "\n\n".join([instruction, *blocks, f"Post: {text}\nAnswer:"])

    usable = [pair for pair in examples if pair[0].strip() != text.strip()]
    if count_tokens(prompt([])) > budget:
        raise ValueError(f"the question alone takes more than {budget} tokens")
    shown = []
    for pair in usable:
        if count_tokens("\n\n".join(f"Post: {one}\nAnswer: {label}" for one, label in [*shown, pair])) > budget:
            break
        shown.append(pair)
    return prompt(shown)
