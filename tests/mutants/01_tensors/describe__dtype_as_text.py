# mistake: returns the dtype as a text
# caught: check_describe
# says: without quotes
# exercise: describe
def describe(tensor, others):
    return {
        "shape": tuple(tensor.shape),
        "dtype": str(tensor.dtype),
        "bytes": tensor.nbytes,
        "shares_storage_with": sorted(
            n for n, o in others.items() if o.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr()
        ),
    }
