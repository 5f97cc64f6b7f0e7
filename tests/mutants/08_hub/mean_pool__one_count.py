# mistake: one count for the whole batch
# caught: check_mean_pool
# says: one count for all texts
def mean_pool(states, mask):
    return states.masked_fill(mask.unsqueeze(-1) == 0, 0.0).sum(1) / mask.float().sum(1).mean()
