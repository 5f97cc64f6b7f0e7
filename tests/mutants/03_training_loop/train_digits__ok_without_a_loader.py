# why: shuffles with randperm and cuts the batches itself
def train_digits(x, y, *, epochs: int, lr: float = 3e-3, batch_size: int = 64, seed: int = 0, device: str = "cpu"):
    torch.manual_seed(seed)
    model = DigitNet().to(device).train()
    x, y = x.to(device), y.to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr)
    losses = []
    for _ in range(epochs):
        for rows in torch.randperm(len(x), device=x.device).split(batch_size):
            loss = nn.CrossEntropyLoss()(model(x[rows]), y[rows])
            optimizer.zero_grad(set_to_none=False)
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
    return model, losses
