# mistake: makes place without a device
# caught: check_steadfast__repair
# says: not on the expected device
def strays(module: nn.Module, device: str) -> list[str]:
    """The names of the tensors of a module that are not on a device of this type."""
    found = []
    for prefix, part in module.named_modules():
        tensors = {**vars(part), **part._parameters, **part._buffers}
        found += [
            f"{prefix}.{name}".lstrip(".")
            for name, value in tensors.items()
            if isinstance(value, torch.Tensor) and value.device.type != device
        ]
    return sorted(found)


device_causes = {"fade": ..., "place": ..., "ids": ...}
device_causes = {"fade": DEVICE_CAUSES[0], "place": DEVICE_CAUSES[1], "ids": DEVICE_CAUSES[2]}


class Steadfast(nn.Module):
    """What Fading computes, on any device."""

    def __init__(self, words: int, width: int):
        super().__init__()
        self.table = nn.Embedding(words, width)
        self.head = nn.Linear(width, 2)
        self.register_buffer("fade", torch.linspace(1.0, 0.5, 40), persistent=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """ids: int64 [B, T], T up to 40. Returns: logits [B, 2]."""
        place = torch.arange(ids.shape[1]) / 40
        weights = self.fade[: ids.shape[1]].unsqueeze(1)
        return self.head((weights * self.table(ids) + place.unsqueeze(1)).mean(dim=1))


def moved(batch, device: str):
    """The same batch with all its tensors on a device."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {name: moved(part, device) for name, part in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(moved(part, device) for part in batch)
    return batch


seen_strays = looked_through(strays)  # ours: your function on a module of which some parts are on meta
tried = on_a_device(Steadfast, moved)  # ours: your two on a device, with our weights
