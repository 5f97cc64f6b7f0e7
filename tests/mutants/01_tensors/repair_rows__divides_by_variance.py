# mistake: divides by the variance
# caught: check_repair_rows
# says: Did you divide by the variance?
# exercise: repair_rows
def standardise_rows(x):
    return (x - x.mean(dim=1, keepdim=True)) / x.var(dim=1, keepdim=True)
