# why: asks PyTorch's own optimisers
def state_bytes(shapes, optimizer):
    parameters = [nn.Parameter(torch.zeros(shape)) for shape in shapes]
    if optimizer == "sgd":
        return 0
    if optimizer == "momentum":
        return sum(parameter.nbytes for parameter in parameters)
    kinds = {"adagrad": torch.optim.Adagrad, "adamw": torch.optim.AdamW}
    if optimizer not in kinds:
        raise ValueError(optimizer)
    made = kinds[optimizer](parameters)
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    made.step()
    return sum(tensor.nbytes for state in made.state.values() for tensor in state.values())
