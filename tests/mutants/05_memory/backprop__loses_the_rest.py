# mistake: goes through whole segments only
# caught: check_backprop
# says: is the last segment, which may be shorter, complete
def backprop(forward, backward, x, blame, layers, every):
    checkpoints, h = {}, x
    for i in range(layers):
        if i % every == 0:
            checkpoints[i] = h
        if i < layers - 1:
            h = forward(i, h)
    for start in reversed(range(0, layers - every + 1, every)):
        inputs = [checkpoints.pop(start)]
        for i in range(start, start + every - 1):
            inputs.append(forward(i, inputs[-1]))
        while inputs:
            i = start + len(inputs) - 1
            blame = backward(i, inputs.pop(), blame)
    return blame
