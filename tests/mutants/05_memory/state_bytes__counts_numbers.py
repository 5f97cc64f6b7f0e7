# mistake: counts numbers, not bytes
# caught: check_state_bytes
# says: four bytes for each number
def state_bytes(shapes, optimiser):
    copies = {'sgd': 0, 'momentum': 1, 'adagrad': 1, 'adamw': 2}
    if optimiser not in copies:
        raise ValueError(optimiser)
    numbers = sum(math.prod(shape) for shape in shapes)
    steps = len(shapes) if optimiser in ('adagrad', 'adamw') else 0
    return copies.get(optimiser, 0) * numbers + steps
