# mistake: forgets the root
# caught: check_best_every
# says: and the root
def waste(every, save, mean):
    return save / every + every / (2 * mean)


def best_every(save, mean):
    return 2 * save * mean
