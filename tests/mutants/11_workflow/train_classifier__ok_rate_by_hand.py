# why: the rate by hand, a DataLoader, the model's own loss
def train_classifier(posts, epochs, rate, size=16, seed=0):
    from torch.utils.data import DataLoader

    def collate(rows):
        texts, labels = zip(*rows)
        return tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt"), torch.tensor(labels)

    torch.manual_seed(seed)
    model = AutoModelForSequenceClassification.from_pretrained(hub.encoder, num_labels=2)
    model.to(device)
    model.train()
    loader = DataLoader(posts, batch_size=size, shuffle=True, collate_fn=collate)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0)
    losses = []
    for epoch in range(epochs):
        for batch, labels in loader:
            for group in optimizer.param_groups:
                group["lr"] = rate * (1 - len(losses) / (epochs * len(loader)))
            optimizer.zero_grad()
            result = model(**batch.to(device), labels=labels.to(device))
            result.loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
            optimizer.step()
            losses.append(float(result.loss))
    model.eval()
    return model, losses
