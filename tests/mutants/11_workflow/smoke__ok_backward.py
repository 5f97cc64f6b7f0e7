# why: with backward, and clears up
def smoke(model, batch, labels):
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    loss = torch.nn.CrossEntropyLoss()(logits, labels)
    loss.backward()
    silent = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    model.zero_grad()
    value = float(loss)
    near = math.log(logits.size(1)) - 0.5 < value < math.log(logits.size(1)) + 0.5
    return {
        "tokens": tuple(batch["input_ids"].size()),
        "logits": tuple(logits.size()),
        "loss": value,
        "as_expected": near,
        "silent": sorted(silent),
    }
