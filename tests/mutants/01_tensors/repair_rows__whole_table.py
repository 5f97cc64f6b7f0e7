# mistake: one mean for the whole table
# caught: check_repair_rows
# says: Each row has its own
# exercise: repair_rows
def standardise_rows(x):
    return (x - x.mean()) / x.std()
