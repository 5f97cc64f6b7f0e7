# mistake: steps before backward: after zero_grad there is nothing to step with
# caught: check_train_digits
# says: zero_grad, forward, loss, backward, step
def train_digits(x, y, *, epochs: int, lr: float = 3e-3, batch_size: int = 64, seed: int = 0, device: str = "cpu"):
    torch.manual_seed(seed)
    model = DigitNet().to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True)
    losses = []
    for _ in range(epochs):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            logits = model(batch_x.to(device))
            loss = F.cross_entropy(logits, batch_y.to(device))
            optimizer.step()
            loss.backward()
            losses.append(loss.item())
    return model, losses
