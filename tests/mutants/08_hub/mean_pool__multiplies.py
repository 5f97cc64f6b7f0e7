# mistake: multiplies by the mask
# caught: check_mean_pool
# says: NaN in the filler
def mean_pool(states, mask):
    return (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
