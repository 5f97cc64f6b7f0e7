# mistake: reads the formula from the left
# caught: check_match__thin
# says: expected 113664
def match(product, letters, table, question):
    a = product(letters, table)
    b = product(a, table.T)
    scores = product(b, product(table, question))
    return scores / scores.abs().max()
