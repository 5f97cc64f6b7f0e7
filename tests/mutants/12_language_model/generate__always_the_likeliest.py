# mistake: always takes the likeliest
# caught: check_generate
# says: drawn from the probabilities
def generate(model: Callable, prompt: list[int], count: int, context: int, **knobs) -> list[int]:
    tokens = list(prompt)
    at = next(model.parameters()).device if isinstance(model, nn.Module) else "cpu"
    with torch.no_grad():
        for _ in range(count):
            logits = model(torch.tensor([tokens[-context:]], device=at))[0, -1]
            tokens.append(next_probabilities(logits, **knobs).argmax().item())
    return tokens
