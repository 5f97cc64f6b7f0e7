# mistake: computes spread once, and still as a thick product
# caught: check_match__thin
# says: can everything be a matrix times a column
def match(product, letters, table, question):
    spread = product(table, table.T)
    seen = product(letters, spread)
    scores = product(seen, product(table, question))
    return scores / scores.abs().max()
