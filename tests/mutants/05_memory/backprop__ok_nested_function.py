# why: an inner function for a segment
def backprop(forward, backward, x, blame, layers, every):
    def segment(start, h, blame):
        stop = min(start + every, layers)
        inputs = [h]
        for i in range(start, stop - 1):
            inputs.append(forward(i, inputs[-1]))
        for i in range(stop - 1, start - 1, -1):
            blame = backward(i, inputs.pop(), blame)
        return blame

    kept_here = [x]
    h = x
    for i in range(layers - 1):
        h = forward(i, h)
        if (i + 1) % every == 0:
            kept_here.append(h)
    del h
    while kept_here:
        start = (len(kept_here) - 1) * every
        blame = segment(start, kept_here.pop(), blame)
    return blame
