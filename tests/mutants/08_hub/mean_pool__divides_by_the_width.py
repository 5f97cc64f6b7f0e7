# mistake: masks, and divides by T
# caught: check_mean_pool
# says: T counts the filler
def mean_pool(states, mask):
    return (states * mask.unsqueeze(-1)).sum(1) / states.shape[1]
