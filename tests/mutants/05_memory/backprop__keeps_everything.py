# mistake: keeps the input of every step
# caught: check_backprop__memory
# says: is only every eighth input kept
def backprop(forward, backward, x, blame, layers, every):
    inputs = [x]
    for i in range(layers - 1):
        inputs.append(forward(i, inputs[-1]))
    for i in reversed(range(layers)):
        blame = backward(i, inputs[i], blame)
    return blame
