# why: with a DataLoader and a LambdaLR
def prepare(way):
    if way not in ("head", "lora", "full"):
        raise ValueError(f"no way {way}")
    model = classifier()
    if way == "lora":
        model = add_lora(model, ("query", "value"), RANK, ALPHA)
    for name, parameter in model.named_parameters():
        if name.startswith("classifier"):
            parameter.requires_grad = True
        elif way == "head":
            parameter.requires_grad = False
    return model


def finetune(model, data, epochs, lr, batch=32):
    from torch.utils.data import DataLoader, TensorDataset

    table = TensorDataset(data["input_ids"], data["attention_mask"], data["labels"])
    loader = DataLoader(table, batch_size=batch, shuffle=True)
    optimizer = torch.optim.AdamW(filter(lambda p: p.requires_grad, model.parameters()), lr=lr)
    total = epochs * len(loader)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / total)
    losses = []
    model.train()
    for _ in range(epochs):
        for ids, mask, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(input_ids=ids, attention_mask=mask).logits, labels)
            loss.backward()
            optimizer.step()
            falling.step()
            losses.append(float(loss.detach()))
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
