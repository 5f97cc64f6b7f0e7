# mistake: sorts x and y each by itself
# caught: check_repeats
# says: x and y together
def repeats(next_batch, steps):
    seen, again = [], 0
    for _ in range(steps):
        x, y = next_batch()
        key = (sorted(x.flatten(1).tolist()), sorted(y.tolist()))
        again += key in seen
        seen.append(key)
    return again
