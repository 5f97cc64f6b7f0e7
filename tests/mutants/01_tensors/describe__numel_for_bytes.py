# mistake: forgets the element size
# caught: check_describe
# says: numel × element_size
# exercise: describe
def describe(tensor, others):
    return {
        "shape": tuple(tensor.shape),
        "dtype": tensor.dtype,
        "bytes": tensor.numel(),
        "shares_storage_with": sorted(
            n for n, o in others.items() if o.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr()
        ),
    }
