# mistake: compares with the last batch only
# caught: check_repeats
# says: compared with all earlier batches
def repeats(next_batch, steps):
    last, again = None, 0
    for _ in range(steps):
        x, y = next_batch()
        key = sorted(zip(x.flatten(1).tolist(), y.reshape(len(y), -1).tolist()))
        again += key == last
        last = key
    return again
