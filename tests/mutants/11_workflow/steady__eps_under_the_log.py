# mistake: hides the infinity under an eps
# caught: check_steady__repair
# says: exact
nan_evidence = {"step": ..., "certain": ...}
nan_cause = ...
_seen = []
textbook(X, Y, 30, 4.0, lambda loss, p: _seen.append((loss, p)))
_step = next(n for n, (loss, _) in enumerate(_seen) if not math.isfinite(loss))
nan_evidence = {"step": _step, "certain": int(((_seen[_step][1] == 0) | (_seen[_step][1] == 1)).sum())}
nan_cause = NAN_CAUSES[0]


def steady(x: torch.Tensor, y: torch.Tensor, steps: int, rate: float) -> list[float]:
    """Logistic regression by gradient descent that stays finite. x: [N, D], y: int64 [N]. Returns: the losses."""
    net = nn.Linear(x.shape[1], 1)
    nn.init.zeros_(net.weight)
    nn.init.zeros_(net.bias)
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=rate), []
    for _ in range(steps):
        p = torch.sigmoid(net(x).squeeze(1))
        loss = -(y * (p + 1e-7).log() + (1 - y) * (1 - p + 1e-7).log()).mean()
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
    return losses
