# mistake: counts numbers, not bytes
# caught: check_state_bytes
# says: four bytes for each number
def state_bytes(shapes, optimizer):
    copies = {'sgd': 0, 'momentum': 1, 'adagrad': 1, 'adamw': 2}
    if optimizer not in copies:
        raise ValueError(optimizer)
    numbers = sum(math.prod(shape) for shape in shapes)
    steps = len(shapes) if optimizer in ('adagrad', 'adamw') else 0
    return copies.get(optimizer, 0) * numbers + steps
