# mistake: looks at x only
# caught: check_repeats
# says: x and y together
def repeats(next_batch, steps):
    seen, again = [], 0
    for _ in range(steps):
        x, _ = next_batch()
        key = sorted(x.flatten(1).tolist())
        again += key in seen
        seen.append(key)
    return again
