# mistake: copies the slow program
# caught: check_match
# says: what is computed anew for every letter
def match(product, letters, table, question):
    return slow_match(product, letters, table, question)
