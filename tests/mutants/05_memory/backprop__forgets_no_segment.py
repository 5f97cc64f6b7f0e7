# mistake: keeps what it has recomputed
# caught: check_backprop__memory
# says: each segment forgotten when it is done
def backprop(forward, backward, x, blame, layers, every):
    checkpoints, h, everything = {}, x, {}
    for i in range(layers):
        if i % every == 0:
            checkpoints[i] = h
        if i < layers - 1:
            h = forward(i, h)
    for start in reversed(range(0, layers, every)):
        h = checkpoints[start]
        for i in range(start, min(start + every, layers)):
            everything[i] = h
            if i + 1 < min(start + every, layers):
                h = forward(i, h)
        for i in reversed(range(start, min(start + every, layers))):
            blame = backward(i, everything[i], blame)
    return blame
