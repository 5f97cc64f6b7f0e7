# why: asks PyTorch's own optimisers
def state_bytes(shapes, optimiser):
    parameters = [nn.Parameter(torch.zeros(shape)) for shape in shapes]
    if optimiser == "sgd":
        return 0
    if optimiser == "momentum":
        return sum(parameter.nbytes for parameter in parameters)
    kinds = {"adagrad": torch.optim.Adagrad, "adamw": torch.optim.AdamW}
    if optimiser not in kinds:
        raise ValueError(optimiser)
    made = kinds[optimiser](parameters)
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    made.step()
    return sum(tensor.nbytes for state in made.state.values() for tensor in state.values())
