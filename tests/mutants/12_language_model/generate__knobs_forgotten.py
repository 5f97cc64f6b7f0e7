# mistake: forgets the knobs
# caught: check_generate
# says: are the knobs passed on
def generate(model: Callable, prompt: list[int], count: int, context: int, **knobs) -> list[int]:
    tokens = list(prompt)
    at = next(model.parameters()).device if isinstance(model, nn.Module) else "cpu"
    with torch.no_grad():
        for _ in range(count):
            logits = model(torch.tensor([tokens[-context:]], device=at))[0, -1]
            tokens.append(
                torch.multinomial(next_probabilities(logits, temperature=knobs.get("temperature", 1.0)), 1).item()
            )
    return tokens
