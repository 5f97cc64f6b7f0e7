# mistake: hands each step its output
# caught: check_backprop
# says: your gradient
def backprop(forward, backward, x, blame, layers, every):
    inputs = [x]
    for i in range(layers):
        inputs.append(forward(i, inputs[-1]))
    for i in reversed(range(layers)):
        blame = backward(i, inputs[i + 1], blame)
    return blame
