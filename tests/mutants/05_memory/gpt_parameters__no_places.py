# mistake: forgets the table of positions
# caught: check_gpt_parameters
# says: expected 728
def gpt_parameters(vocabulary, context, width, layers, tied=True):
    return vocabulary * width * (1 if tied else 2) + layers * (12 * width**2 + 13 * width) + 2 * width
