# why: keeps one tensor and grows it
@torch.no_grad()
def generate(model, prompt, count, context, **knobs):
    tokens = torch.tensor([prompt])
    where = [parameter.device for parameter in model.parameters()][:1] if hasattr(model, "parameters") else []
    for _ in range(count):
        window = tokens[:, max(0, tokens.shape[1] - context) :]
        logits = model(window.to(where[0]) if where else window)
        drawn = torch.multinomial(next_probabilities(logits[0, -1], **knobs), 1).cpu()
        tokens = torch.cat([tokens, drawn[None]], dim=1)
    return tokens[0].tolist()
