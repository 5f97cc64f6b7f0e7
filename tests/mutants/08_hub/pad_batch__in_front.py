# mistake: pads on the left
# caught: check_pad_batch
# says: the filler comes at the end
def pad_batch(rows, pad_id, longest):
    rows = [row if len(row) <= longest else row[: longest - 1] + row[-1:] for row in rows]
    width = max(len(row) for row in rows)
    ids = torch.tensor([[pad_id] * (width - len(row)) + row for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask
