# mistake: ignores tied
# caught: check_gpt_parameters
# says: which table is there twice
def gpt_parameters(vocabulary, context, width, layers, tied=True):
    return (vocabulary + context) * width + layers * (12 * width**2 + 13 * width) + 2 * width
