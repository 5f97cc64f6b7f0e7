# mistake: reports the bytes of the whole storage
# caught: check_describe
# says: not the size of the strip that it reads
# exercise: describe
def describe(tensor, others):
    return {
        "shape": tuple(tensor.shape),
        "dtype": tensor.dtype,
        "bytes": tensor.untyped_storage().nbytes(),
        "shares_storage_with": sorted(
            n for n, o in others.items() if o.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr()
        ),
    }
