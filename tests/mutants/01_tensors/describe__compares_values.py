# mistake: takes equal numbers for shared memory
# caught: check_describe
# says: equal numbers can lie in two strips
# exercise: describe
def describe(tensor, others):
    return {
        "shape": tuple(tensor.shape),
        "dtype": tensor.dtype,
        "bytes": tensor.nbytes,
        "shares_storage_with": sorted(n for n, o in others.items() if bool(torch.isin(tensor, o).all())),
    }
