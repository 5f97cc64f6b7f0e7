# mistake: divides each score by its own size
# caught: check_match
# says: letters · table
def match(product, letters, table, question):
    column = product(table, product(table.T, product(table, question)))
    scores = product(letters, column)
    return scores / scores.abs()
