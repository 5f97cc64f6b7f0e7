# mistake: pads every batch to the longest row of all
# caught: check_embed_all
# says: sort by length first
def embed_all(run, rows, size):
    ids, mask = pad_batch(rows, 0, 256)
    return torch.cat([run(ids[at : at + size], mask[at : at + size]) for at in range(0, len(rows), size)])
