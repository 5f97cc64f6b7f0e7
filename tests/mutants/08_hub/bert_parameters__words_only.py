# mistake: counts word embeddings only
# caught: check_bert_parameters
# says: positions and segments
def bert_parameters(config):
    width, inner = config["hidden_size"], config["intermediate_size"]
    embeddings = config["vocab_size"] * width
    norm, square = 2 * width, width * width + width
    layer = 4 * square + (width * inner + inner) + (inner * width + width) + 2 * norm
    return embeddings + norm + config["num_hidden_layers"] * layer + square
