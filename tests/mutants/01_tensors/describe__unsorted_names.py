# mistake: does not sort the names
# caught: check_describe
# says: put them in alphabetical order
# exercise: describe
def describe(tensor, others):
    return {
        "shape": tuple(tensor.shape),
        "dtype": tensor.dtype,
        "bytes": tensor.nbytes,
        "shares_storage_with": [
            n for n, o in others.items() if o.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr()
        ],
    }
