# why: a loop, and nbytes
# exercise: describe
def describe(tensor, others):
    names = []
    for name in sorted(others):
        if others[name].untyped_storage()._cdata == tensor.untyped_storage()._cdata or \
                others[name].storage().data_ptr() == tensor.storage().data_ptr():
            names.append(name)
    return dict(shape=tuple(tensor.size()), dtype=tensor.dtype, bytes=tensor.nbytes, shares_storage_with=names)
