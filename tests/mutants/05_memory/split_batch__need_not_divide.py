# mistake: takes the largest that fits, divisor or not
# caught: check_split_batch
# says: eleven does not divide 32
def split_batch(target, free_bytes, bytes_each):
    micro = min(target, free_bytes // bytes_each)
    if micro < 1:
        raise ValueError("nothing fits")
    return micro, -(-target // micro)
