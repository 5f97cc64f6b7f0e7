# mistake: averages over the filler, too
# caught: check_mean_pool
# says: that is the mean over the filler
def mean_pool(states, mask):
    return states.mean(1)
