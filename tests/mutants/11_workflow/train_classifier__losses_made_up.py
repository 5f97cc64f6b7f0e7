# mistake: trains, and reports losses that it has made up
# caught: check_train_classifier__details
# says: the mean loss of 40 posts of one class
def train_classifier(posts, epochs, rate, size=16, seed=0):
    torch.manual_seed(seed)
    model = AutoModelForSequenceClassification.from_pretrained(hub.encoder, num_labels=2).to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    steps, losses = epochs * math.ceil(len(posts) / size), []
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(posts)).split(size):
            chosen = [posts[row] for row in rows.tolist()]
            texts = [text for text, _ in chosen]
            batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt").to(device)
            loss = F.cross_entropy(model(**batch).logits, torch.tensor([label for _, label in chosen], device=device))
            losses.append(0.69 - (0.5 * len(losses) / steps if rate else 0.0) + 0.001 * torch.rand(()).item())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            falling.step()
    return model.eval(), losses
