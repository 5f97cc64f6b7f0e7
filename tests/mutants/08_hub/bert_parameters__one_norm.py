# mistake: one layer norm in a layer
# caught: check_bert_parameters
# says: two layer norms
def bert_parameters(config):
    width, inner = config["hidden_size"], config["intermediate_size"]
    embeddings = (config["vocab_size"] + config["max_position_embeddings"] + config["type_vocab_size"]) * width
    norm, square = 2 * width, width * width + width
    layer = 4 * square + (width * inner + inner) + (inner * width + width) + norm
    return embeddings + norm + config["num_hidden_layers"] * layer + square
