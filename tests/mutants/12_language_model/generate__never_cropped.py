# mistake: never crops the context
# caught: check_generate
# says: at most context
def generate(model: Callable, prompt: list[int], count: int, context: int, **knobs) -> list[int]:
    tokens = list(prompt)
    at = next(model.parameters()).device if isinstance(model, nn.Module) else "cpu"
    with torch.no_grad():
        for _ in range(count):
            logits = model(torch.tensor([tokens], device=at))[0, -1]
            tokens.append(torch.multinomial(next_probabilities(logits, **knobs), 1).item())
    return tokens
