# mistake: the broken program, unchanged
# caught: check_repair_rows
# says: must match the size of tensor
# exercise: repair_rows
def standardise_rows(x):
    return (x - x.mean(dim=1)) / x.std(dim=1)
