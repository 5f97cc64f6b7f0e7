# mistake: uses keepdim only when the shapes do not fit
# caught: check_repair_rows
# says: runs without an error and subtracts the wrong means
# exercise: repair_rows
def standardise_rows(x):
    keep = x.shape[0] != x.shape[1]
    return (x - x.mean(dim=1, keepdim=keep)) / x.std(dim=1, keepdim=keep)
