# mistake: returns steps first
# caught: check_split_batch
# says: is it (micro-batch, number of micro-batches)
def split_batch(target, free_bytes, bytes_each):
    fits = min(target, free_bytes // bytes_each)
    if fits < 1:
        raise ValueError("nothing fits")
    micro = max(n for n in range(1, fits + 1) if target % n == 0)
    return target // micro, micro
