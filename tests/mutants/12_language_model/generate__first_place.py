# mistake: reads the first place's logits
# caught: check_generate
# says: the last place's logits
def generate(model: Callable, prompt: list[int], count: int, context: int, **knobs) -> list[int]:
    tokens = list(prompt)
    at = next(model.parameters()).device if isinstance(model, nn.Module) else "cpu"
    with torch.no_grad():
        for _ in range(count):
            logits = model(torch.tensor([tokens[-context:]], device=at))[0, 0]
            tokens.append(torch.multinomial(next_probabilities(logits, **knobs), 1).item())
    return tokens
