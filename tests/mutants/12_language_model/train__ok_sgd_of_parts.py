# why: scales the loss at the end, keeps its state by deepcopy
def train(model, batch, steps, peak, accumulate=1, low=None, state=None, stop=None):
    import copy

    optimizer = torch.optim.AdamW(model.parameters(), lr=1.0, betas=(0.9, 0.95), weight_decay=0.1)
    scheduler_step = 0
    if state:
        model.load_state_dict(state["weights"])
        optimizer.load_state_dict(state["moments"])
        scheduler_step = state["next"]
    where, losses = next(model.parameters()).device, []
    end = steps if stop is None else stop
    while scheduler_step < min(end, steps):
        optimizer.param_groups[0]["lr"] = rate_at(scheduler_step, steps, peak)
        model.zero_grad(set_to_none=True)
        parts = []
        for micro in range(accumulate):
            x, y = (part.to(where) for part in batch(scheduler_step * accumulate + micro))
            if low is None:
                loss = F.cross_entropy(model(x).transpose(1, 2), y)
            else:
                with torch.autocast(where.type, dtype=low):
                    loss = F.cross_entropy(model(x).transpose(1, 2), y)
            (loss / accumulate).backward()
            parts.append(loss.item())
        torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm=1.0)
        optimizer.step()
        losses.append(sum(parts) / accumulate)
        scheduler_step += 1
    return losses, {
        "weights": copy.deepcopy(model.state_dict()),
        "moments": copy.deepcopy(optimizer.state_dict()),
        "next": scheduler_step,
    }
