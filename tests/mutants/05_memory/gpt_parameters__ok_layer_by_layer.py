# why: a function for a linear layer
def gpt_parameters(vocabulary, context, width, layers, tied=True):
    def linear(a, b):
        return a * b + b

    norm = 2 * width
    one = 2 * norm + linear(width, 3 * width) + linear(width, width) + linear(width,
        4 * width) + linear(4 * width, width)
    head = 0 if tied else width * vocabulary
    return vocabulary * width + context * width + layers * one + norm + head
