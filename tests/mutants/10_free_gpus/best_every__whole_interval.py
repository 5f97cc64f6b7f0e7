# mistake: a death costs the whole interval
# caught: check_best_every
# says: half of the hours between two saves
def waste(every, save, mean):
    return save / every + every / mean


def best_every(save, mean):
    return math.sqrt(2 * save * mean)
