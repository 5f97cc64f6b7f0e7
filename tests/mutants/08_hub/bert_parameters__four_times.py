# mistake: takes 4 · D for the inner width
# caught: check_bert_parameters
# says: the inner width stands in the config
def bert_parameters(config):
    width, inner = config["hidden_size"], 4 * config["hidden_size"]
    embeddings = (config["vocab_size"] + config["max_position_embeddings"] + config["type_vocab_size"]) * width
    norm, square = 2 * width, width * width + width
    layer = 4 * square + (width * inner + inner) + (inner * width + width) + 2 * norm
    return embeddings + norm + config["num_hidden_layers"] * layer + square
