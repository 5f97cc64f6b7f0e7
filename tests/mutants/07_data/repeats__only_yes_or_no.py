# mistake: says only whether there was one
# caught: check_repeats
# says: expected 5
def repeats(next_batch, steps):
    seen = []
    for _ in range(steps):
        x, y = next_batch()
        key = sorted(zip(x.flatten(1).tolist(), y.reshape(len(y), -1).tolist()))
        if key in seen:
            return 1
        seen.append(key)
    return 0
