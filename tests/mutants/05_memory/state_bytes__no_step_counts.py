# mistake: forgets the step counts
# caught: check_state_bytes
# says: each tensor has a step count of its own
def state_bytes(shapes, optimizer):
    copies = {'sgd': 0, 'momentum': 1, 'adagrad': 1, 'adamw': 2}
    if optimizer not in copies:
        raise ValueError(optimizer)
    numbers = sum(math.prod(shape) for shape in shapes)
    steps = 0 if optimizer in ('adagrad', 'adamw') else 0
    return 4 * copies.get(optimizer, 0) * numbers + steps
