# mistake: knows a batch only in the same order
# caught: check_repeats
# says: in any order
def repeats(next_batch, steps):
    seen, again = [], 0
    for _ in range(steps):
        x, y = next_batch()
        key = (x.tolist(), y.tolist())
        again += key in seen
        seen.append(key)
    return again
