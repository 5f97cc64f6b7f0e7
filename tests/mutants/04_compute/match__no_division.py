# mistake: forgets that the largest score is 1
# caught: check_match
# says: the division at the end
def match(product, letters, table, question):
    column = product(table, product(table.T, product(table, question)))
    return product(letters, column)
