# mistake: does not sort
# caught: check_embed_all
# says: sort by length first
def embed_all(run, rows, size):
    return torch.cat([run(*pad_batch(rows[at : at + size], 0, 256)) for at in range(0, len(rows), size)])
