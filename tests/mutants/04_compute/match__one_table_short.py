# mistake: leaves out one of the three tables
# caught: check_match
# says: RuntimeError
def match(product, letters, table, question):
    column = product(table.T, product(table, question))
    scores = product(letters, column)
    return scores / scores.abs().max()
