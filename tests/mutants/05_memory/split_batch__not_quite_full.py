# mistake: leaves the last free byte free
# caught: check_split_batch
# says: exactly full is allowed
def split_batch(target, free_bytes, bytes_each):
    sizes = [n for n in range(1, target + 1) if target % n == 0 and n * bytes_each < free_bytes]
    if not sizes:
        raise ValueError("nothing fits")
    return sizes[-1], target // sizes[-1]
