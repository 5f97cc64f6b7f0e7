# mistake: one step count for all tensors
# caught: check_state_bytes
# says: one step count for each tensor, not one for all
def state_bytes(shapes, optimizer):
    copies = {'sgd': 0, 'momentum': 1, 'adagrad': 1, 'adamw': 2}
    if optimizer not in copies:
        raise ValueError(optimizer)
    numbers = sum(math.prod(shape) for shape in shapes)
    steps = 4 if optimizer in ('adagrad', 'adamw') else 0
    return 4 * copies.get(optimizer, 0) * numbers + steps
