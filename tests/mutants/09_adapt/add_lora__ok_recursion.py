# why: walks down by recursion
def add_lora(model, names, r, alpha):
    for parameter in model.parameters():
        parameter.requires_grad = False

    def walk(module):
        count = 0
        for name, child in list(module.named_children()):
            if name in names and isinstance(child, nn.Linear):
                setattr(module, name, LoRALinear(child, r, alpha))
                count += 1
            else:
                count += walk(child)
        return count

    if walk(model) == 0:
        raise ValueError("no such layer")
    return model


def adapted_mixer(width: int, rounds: int, weights: dict, names: tuple[str, ...], r: int, alpha: float) -> nn.Module:
    """A Mixer with these weights, after your add_lora. (Given: the checks make their models with it.)"""
    model = Mixer(width, rounds)
    model.load_state_dict(weights)
    return add_lora(model, names, r, alpha)
