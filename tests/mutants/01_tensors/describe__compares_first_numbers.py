# mistake: compares data_ptr of the tensors: misses views with an offset
# caught: check_describe
# says: address of its first number only
# exercise: describe
def describe(tensor, others):
    return {
        "shape": tuple(tensor.shape),
        "dtype": tensor.dtype,
        "bytes": tensor.nbytes,
        "shares_storage_with": sorted(n for n, o in others.items() if o.data_ptr() == tensor.data_ptr()),
    }
