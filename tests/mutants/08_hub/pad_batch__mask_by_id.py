# mistake: takes every id equal to pad_id for filler
# caught: check_pad_batch
# says: the mask goes by the row's length
def pad_batch(rows, pad_id, longest):
    rows = [row if len(row) <= longest else row[: longest - 1] + row[-1:] for row in rows]
    width = max(len(row) for row in rows)
    ids = torch.tensor([row + [pad_id] * (width - len(row)) for row in rows])
    mask = (ids != pad_id).long()
    return ids, mask
