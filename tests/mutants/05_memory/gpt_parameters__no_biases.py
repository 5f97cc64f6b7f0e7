# mistake: forgets the biases of the linear layers
# caught: check_gpt_parameters
# says: are the biases of the four linear layers in it
def gpt_parameters(vocabulary, context, width, layers, tied=True):
    return (vocabulary * (1 if tied else 2) + context) * width + layers * (12 * width**2 + 4 * width) + 2 * width
