# why: the longest first, as memory likes it, filled in place by place
def embed_all(run, rows, size):
    order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
    result = [None] * len(rows)
    for at in range(0, len(rows), size):
        part = order[at : at + size]
        for i, vector in zip(part, run(*pad_batch([rows[i] for i in part], 0, 256))):
            result[i] = vector
    return torch.stack(result)
