# mistake: makes the error go away with dim=0
# caught: check_repair_rows
# says: You standardised the columns
# exercise: repair_rows
def standardise_rows(x):
    return (x - x.mean(dim=0)) / x.std(dim=0)
