# mistake: one row in each call: no filler, and no batch
# caught: check_embed_all
# says: no more calls than the rows need
def embed_all(run, rows, size):
    return torch.cat([run(*pad_batch([row], 0, 256)) for row in rows])
