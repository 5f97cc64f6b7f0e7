# mistake: 1 for filler
# caught: check_pad_batch
# says: 1 is for a real token
def pad_batch(rows, pad_id, longest):
    rows = [row if len(row) <= longest else row[: longest - 1] + row[-1:] for row in rows]
    width = max(len(row) for row in rows)
    ids = torch.tensor([row + [pad_id] * (width - len(row)) for row in rows])
    mask = torch.tensor([[0] * len(row) + [1] * (width - len(row)) for row in rows])
    return ids, mask
