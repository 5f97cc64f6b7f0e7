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
