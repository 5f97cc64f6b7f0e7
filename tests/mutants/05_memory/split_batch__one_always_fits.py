# mistake: takes a micro-batch of one where nothing fits
# caught: check_split_batch
# says: Is there a raise
def split_batch(target, free_bytes, bytes_each):
    fits = max(1, min(target, free_bytes // bytes_each))
    micro = max(n for n in range(1, fits + 1) if target % n == 0)
    return micro, target // micro
