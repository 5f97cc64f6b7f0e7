# why: fills a tensor row by row
def pad_batch(rows, pad_id, longest):
    cut = [torch.tensor(r if len(r) <= longest else [*r[: longest - 1], r[-1]]) for r in rows]
    ids = nn.utils.rnn.pad_sequence(cut, batch_first=True, padding_value=pad_id)
    lengths = torch.tensor([len(r) for r in cut])
    return ids, (torch.arange(ids.shape[1]) < lengths[:, None]).long()
