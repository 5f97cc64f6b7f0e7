# mistake: pads to longest, not to the longest row
# caught: check_pad_batch
# says: no wider than the longest row
def pad_batch(rows, pad_id, longest):
    rows = [row if len(row) <= longest else row[: longest - 1] + row[-1:] for row in rows]
    width = longest
    ids = torch.tensor([row + [pad_id] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask
