# mistake: counts rows that come again
# caught: check_repeats
# says: no batch that comes twice
def repeats(next_batch, steps):
    seen, again = set(), 0
    for _ in range(steps):
        x, y = next_batch()
        rows = {(tuple(a), b) for a, b in zip(x.flatten(1).tolist(), y.tolist())}
        again += bool(rows & seen)
        seen |= rows
    return again
