# mistake: forgets the 2 under the root
# caught: check_best_every
# says: is there a 2 too few
def waste(every, save, mean):
    return save / every + every / (2 * mean)


def best_every(save, mean):
    return math.sqrt(save * mean)
