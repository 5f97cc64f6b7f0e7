# mistake: forgets the norm before the head
# caught: check_gpt_parameters
# says: a norm stands in front of the head
def gpt_parameters(vocabulary, context, width, layers, tied=True):
    return (vocabulary * (1 if tied else 2) + context) * width + layers * (12 * width**2 + 13 * width)
