# mistake: puts the adapter around a model that somebody has trained on these posts
# caught: check_finetune, check_finetune__learns
# says: as the pretrained encoder has it
def prepare(way):
    if way not in ("lora", "head", "full"):
        raise ValueError(way)
    model = AutoModelForSequenceClassification.from_pretrained("measure-first/tiny-advice-classifier").to(device)
    if way == "lora":
        add_lora(model, ("query", "value"), RANK, ALPHA)
    elif way == "head":
        model.requires_grad_(False)
    model.classifier.requires_grad_(True)
    with torch.no_grad():
        model.classifier.weight.mul_(0.02)  # so that the first loss is that of knowing nothing
        model.classifier.bias.zero_()
    return model


def finetune(model, data, epochs, lr, batch=32):
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=lr)
    rows, losses = len(data["labels"]), []
    steps = epochs * math.ceil(rows / batch)
    for _ in range(epochs):
        for part in torch.randperm(rows).split(batch):
            optimizer.param_groups[0]["lr"] = lr * (1 - len(losses) / steps)
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
