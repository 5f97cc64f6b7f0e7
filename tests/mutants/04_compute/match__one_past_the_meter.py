# mistake: makes one product past the meter
# caught: check_match
# says: is a product made past the meter
def match(product, letters, table, question):
    column = table.T @ product(table, question)
    scores = product(letters, product(table, column))
    return scores / scores.abs().max()
