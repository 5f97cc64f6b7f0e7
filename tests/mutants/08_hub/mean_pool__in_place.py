# mistake: writes zeros into the states that it was given
# caught: check_mean_pool
# says: expected its argument to stay
def mean_pool(states, mask):
    with torch.no_grad():
        states[mask == 0] = 0.0
    return states.sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
