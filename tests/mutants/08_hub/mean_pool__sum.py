# mistake: forgets to divide
# caught: check_mean_pool
# says: that is the sum
def mean_pool(states, mask):
    return states.masked_fill(mask.unsqueeze(-1) == 0, 0.0).sum(1)
