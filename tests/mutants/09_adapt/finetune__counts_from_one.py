# mistake: counts steps from 1
# caught: check_finetune__steps
# says: s counts from 0
def prepare(way: str) -> nn.Module:
    """A fresh classifier in which the head, head and LoRA, or everything is trained."""
    model = classifier()
    if way == "lora":
        add_lora(model, ("query", "value"), RANK, ALPHA)
    elif way == "head":
        model.requires_grad_(False)
    elif way != "full":
        raise ValueError(f"no way called {way!r}: there are head, lora and full")
    model.classifier.requires_grad_(True)
    return model


def finetune(model: nn.Module, data: dict[str, torch.Tensor], epochs: int, lr: float, batch: int = 32) -> list[float]:
    """Trains what has requires_grad; the rate falls linearly to 0. Returns: the loss of each step."""
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=lr)
    rows, losses = len(data["labels"]), []
    steps = epochs * math.ceil(rows / batch)
    for _ in range(epochs):
        for part in torch.randperm(rows).split(batch):
            optimizer.param_groups[0]["lr"] = lr * (1 - (len(losses) + 1) / steps)
            logits = model(input_ids=data["input_ids"][part], attention_mask=data["attention_mask"][part]).logits
            loss = F.cross_entropy(logits, data["labels"][part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def watched(rows: int, epochs: int, lr: float, batch: int) -> tuple[list[float], Spy]:
    """What your finetune returns and does with a Spy in the model's place. (Given: the checks look at it.)"""
    spy = Spy().eval()
    data = {
        "input_ids": torch.arange(rows)[:, None],
        "attention_mask": torch.ones(rows, 1),
        "labels": torch.ones(rows, dtype=torch.long),
    }
    return finetune(spy, data, epochs, lr, batch), spy
