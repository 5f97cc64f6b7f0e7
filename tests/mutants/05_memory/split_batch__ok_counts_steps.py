# why: tries the number of steps from one up
def split_batch(target, free_bytes, bytes_each):
    for steps in range(1, target + 1):
        if target % steps == 0 and target // steps * bytes_each <= free_bytes:
            return target // steps, steps
    raise ValueError("not even one example fits")
