# mistake: makes the products past the meter
# caught: check_match
# says: your meter stands at 0
def match(product, letters, table, question):
    scores = letters @ (table @ (table.T @ (table @ question)))
    return scores / scores.abs().max()
