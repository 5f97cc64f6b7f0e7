# mistake: halves until it fits
# caught: check_split_batch
# says: a divisor of it
def split_batch(target, free_bytes, bytes_each):
    micro = target
    while micro * bytes_each > free_bytes:
        micro //= 2
        if micro < 1:
            raise ValueError("nothing fits")
    return micro, target // micro
