# why: a loop over the factors, from the right
def match(product, letters, table, question):
    column = question
    for factor in (table, table.T, table, letters):
        column = product(factor, column)
    return column / column.abs().max()
