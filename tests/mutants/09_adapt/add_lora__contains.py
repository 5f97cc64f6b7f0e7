# mistake: replaces whatever has the name in it
# caught: check_add_lora
# says: too many
def add_lora(model: nn.Module, names: tuple[str, ...], r: int, alpha: float) -> nn.Module:
    """The model, frozen, with a LoRALinear around each nn.Linear whose last name is in `names`."""
    model.requires_grad_(False)
    chosen = [
        name
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and any(one in name for one in names)
    ]
    if not chosen:
        raise ValueError(f"no linear layer of this model is called {' or '.join(names)}")
    for name in chosen:
        above, _, last = name.rpartition(".")
        setattr(model.get_submodule(above), last, LoRALinear(model.get_submodule(name), r, alpha))
    return model


def adapted_mixer(width: int, rounds: int, weights: dict, names: tuple[str, ...], r: int, alpha: float) -> nn.Module:
    """A Mixer with these weights, after your add_lora. (Given: the checks make their models with it.)"""
    model = Mixer(width, rounds)
    model.load_state_dict(weights)
    return add_lora(model, names, r, alpha)
