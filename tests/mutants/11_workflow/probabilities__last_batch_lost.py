# mistake: loses the last, smaller part
# caught: check_probabilities
# says: probabilities
def probabilities(model: nn.Module, tokenizer, texts: list[str], size: int = 32) -> torch.Tensor:
    """The probability of each class for each text, [texts, classes]; no gradient. The model's mode stays."""
    was, rows = model.training, []
    model.eval()
    at = next(model.parameters()).device
    with torch.no_grad():
        for start in range(0, len(texts) - size + 1, size):
            batch = tokenizer(
                texts[start : start + size], padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
            ).to(at)
            rows.append(model(**batch).logits.softmax(1).cpu())
    model.train(was)
    return torch.cat(rows) if rows else torch.zeros(0, 2)
