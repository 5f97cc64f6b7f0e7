# why: torch.Size is a tuple, keys in another order
# exercise: describe
def describe(tensor, others):
    address = tensor.untyped_storage().data_ptr()
    sharing = [name for name, other in others.items() if other.untyped_storage().data_ptr() == address]
    count = 1
    for length in tensor.shape:
        count *= length
    size = count * tensor.element_size()
    return {"shares_storage_with": sorted(sharing), "bytes": size, "dtype": tensor.dtype, "shape": tensor.shape}
