# mistake: counts the tied table twice
# caught: check_gpt_parameters
# says: the tied head is the token table again
def gpt_parameters(vocabulary, context, width, layers, tied=True):
    return (2 * vocabulary + context) * width + layers * (12 * width**2 + 13 * width) + 2 * width
