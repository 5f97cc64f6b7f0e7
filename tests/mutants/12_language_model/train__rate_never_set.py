# mistake: never sets the learning rate
# caught: check_train
# says: learning rate by rate_at
def train(
    model: nn.Module,
    batch: Callable,
    steps: int,
    peak: float,
    accumulate: int = 1,
    low: torch.dtype | None = None,
    state: dict | None = None,
    stop: int | None = None,
) -> tuple[list[float], dict]:
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.95), weight_decay=0.1)
    at = next(model.parameters()).device
    first, losses = 0, []
    if state is not None:
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    last = steps if stop is None else min(stop, steps)
    for step in range(first, last):
        for group in optimizer.param_groups:
            pass
        optimizer.zero_grad()
        total = 0.0
        for n in range(step * accumulate, (step + 1) * accumulate):
            x, y = batch(n)
            with torch.autocast(at.type, dtype=low, enabled=low is not None):
                loss = F.cross_entropy(model(x.to(at)).flatten(0, 1), y.to(at).flatten()) / accumulate
            loss.backward()
            total += loss.item()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(total)
    kept = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    return losses, {"model": kept, "optimizer": optimizer.state_dict(), "step": last}
