# mistake: hands over everything at once
# caught: check_embed_all
# says: rows in a call
def embed_all(run, rows, size):
    return run(*pad_batch(rows, 0, 256))
