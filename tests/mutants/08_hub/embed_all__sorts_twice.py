# mistake: undoes the sorting with the sorting
# caught: check_embed_all
# says: its inverse
def embed_all(run, rows, size):
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    made = [run(*pad_batch([rows[i] for i in order[at : at + size]], 0, 256)) for at in range(0, len(order), size)]
    back = torch.empty(len(rows), dtype=torch.int64)
    back[order] = torch.arange(len(rows))
    return torch.cat(made)[order]
