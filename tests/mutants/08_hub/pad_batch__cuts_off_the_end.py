# mistake: truncates [SEP] away
# caught: check_pad_batch
# says: is the last id, [SEP], kept
def pad_batch(rows, pad_id, longest):
    rows = [row if len(row) <= longest else row[:longest] for row in rows]
    width = max(len(row) for row in rows)
    ids = torch.tensor([row + [pad_id] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask
