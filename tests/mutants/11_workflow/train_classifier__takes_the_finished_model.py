# mistake: starts from the model that somebody has trained on these posts
# caught: check_train_classifier
# says: first loss
def train_classifier(
    posts: list[tuple[str, int]], epochs: int, rate: float, size: int = 16, seed: int = 0
) -> tuple[nn.Module, list[float]]:
    """Fine-tune the encoder on (text, label) pairs. Returns: the model, in evaluation mode, and each step's loss."""
    torch.manual_seed(seed)
    model = (
        AutoModelForSequenceClassification.from_pretrained("measure-first/tiny-advice-classifier", num_labels=2)
        .to(device)
        .train()
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    steps = epochs * math.ceil(len(posts) / size)
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    losses = []
    for _ in range(epochs):
        for rows in torch.randperm(len(posts)).split(size):
            chosen = [posts[row] for row in rows.tolist()]
            batch = tokenizer([text for text, _ in chosen], padding=True, truncation=True, return_tensors="pt").to(
                device
            )
            labels = torch.tensor([label for _, label in chosen], device=device)
            loss = F.cross_entropy(model(**batch).logits, labels)
            losses.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            falling.step()
    return model.eval(), losses
