# mistake: recomputes from the first step for every step
# caught: check_backprop
# says: is only one segment recomputed at a time
def backprop(forward, backward, x, blame, layers, every):
    for i in reversed(range(layers)):
        h = x
        for j in range(i):
            h = forward(j, h)
        blame = backward(i, h, blame)
    return blame
