# why: works on the transpose, where the rows are columns
# exercise: repair_rows
def standardise_rows(x):
    return ((x.T - x.mean(dim=1)) / x.std(dim=1)).T
