# mistake: hands every step of a segment the segment's checkpoint
# caught: check_backprop
# says: your gradient
def backprop(forward, backward, x, blame, layers, every):
    checkpoints, h = {}, x
    for i in range(layers):
        if i % every == 0:
            checkpoints[i] = h
        h = forward(i, h)
    for i in reversed(range(layers)):
        blame = backward(i, checkpoints[i - i % every], blame)
    return blame
