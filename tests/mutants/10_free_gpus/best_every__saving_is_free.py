# mistake: saving costs nothing
# caught: check_best_every
# says: is the saving in it
def waste(every, save, mean):
    return every / (2 * mean)


def best_every(save, mean):
    return math.sqrt(2 * save * mean)
