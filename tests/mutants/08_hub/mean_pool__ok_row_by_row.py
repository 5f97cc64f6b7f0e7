# why: a loop over the texts
def mean_pool(states, mask):
    rows = [row[keep.bool()] for row, keep in zip(states, mask)]
    return torch.stack([row.mean(0) if len(row) else states.new_zeros(states.shape[-1]) for row in rows])
