# mistake: leaves out the last batch where it is not full
# caught: check_embed_all
# says: is row i of the result for rows[i]
def embed_all(run, rows, size):
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    result = torch.zeros(len(rows), 2)
    for n in range(len(rows) // size):
        part = order[n * size : (n + 1) * size]
        result[part] = run(*pad_batch([rows[i] for i in part], 0, 256))
    return result
