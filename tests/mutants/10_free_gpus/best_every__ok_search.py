# why: by looking for the smallest waste
def waste(every, save, mean):
    return every / 2 / mean + save * every**-1


def best_every(save, mean):
    low, high = 1e-6, 10 * mean
    for _ in range(300):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        if waste(a, save, mean) < waste(b, save, mean):
            high = b
        else:
            low = a
    return (low + high) / 2
