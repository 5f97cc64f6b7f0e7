# mistake: AdamW keeps one average
# caught: check_state_bytes
# says: expected
def state_bytes(shapes, optimizer):
    copies = {'sgd': 0, 'momentum': 1, 'adagrad': 1, 'adamw': 1}
    if optimizer not in copies:
        raise ValueError(optimizer)
    numbers = sum(math.prod(shape) for shape in shapes)
    steps = 4 * len(shapes) if optimizer in ('adagrad', 'adamw') else 0
    return 4 * copies.get(optimizer, 0) * numbers + steps
