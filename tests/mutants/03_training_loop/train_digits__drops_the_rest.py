# mistake: leaves out the last, smaller batch
# caught: check_train_digits
# says: the last small one too
def train_digits(x, y, *, epochs: int, lr: float = 3e-3, batch_size: int = 64, seed: int = 0, device: str = "cpu"):
    torch.manual_seed(seed)
    model = DigitNet().to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True, drop_last=True)
    losses = []
    for _ in range(epochs):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            logits = model(batch_x.to(device))
            loss = F.cross_entropy(logits, batch_y.to(device))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return model, losses
