# mistake: changes the rows it was given
# caught: check_pad_batch
# says: do not change them
def pad_batch(rows, pad_id, longest):
    for i, row in enumerate(rows):
        if len(row) > longest:
            rows[i] = row[: longest - 1] + row[-1:]
    width = max(map(len, rows))
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    for row in rows:
        row += [pad_id] * (width - len(row))
    return torch.tensor(rows), mask
