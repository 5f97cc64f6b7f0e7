# mistake: keepdim for the mean only
# caught: check_repair_rows
# says: must match the size of tensor
# exercise: repair_rows
def standardise_rows(x):
    return (x - x.mean(dim=1, keepdim=True)) / x.std(dim=1)
