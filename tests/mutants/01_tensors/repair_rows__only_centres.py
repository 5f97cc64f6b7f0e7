# mistake: does not divide
# caught: check_repair_rows
# says: divided by its own standard deviation
# exercise: repair_rows
def standardise_rows(x):
    return x - x.mean(dim=1, keepdim=True)
