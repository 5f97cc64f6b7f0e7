# mistake: returns the shape as torch gives it, as a string
# caught: check_smoke
# says: tokens
def smoke(model: nn.Module, batch: dict[str, torch.Tensor], labels: torch.Tensor) -> dict:
    """One example through everything. batch: input_ids and attention_mask, int64 [B, T]. labels: int64 [B]."""
    logits = model(**batch).logits
    loss = F.cross_entropy(logits, labels)
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    gradients = torch.autograd.grad(loss, [parameter for _, parameter in named], allow_unused=True)
    heard = {
        name for (name, _), gradient in zip(named, gradients) if gradient is not None and gradient.abs().sum() > 0
    }
    return {
        "tokens": str(batch["input_ids"].shape),
        "logits": tuple(logits.shape),
        "loss": loss.item(),
        "as_expected": abs(loss.item() - math.log(logits.shape[1])) < 0.5,
        "silent": sorted(name for name, _ in model.named_parameters() if name not in heard),
    }
