# why: builds the model on the meta device and counts
def bert_parameters(config):
    from transformers import BertConfig, BertModel

    names = (
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "max_position_embeddings",
        "type_vocab_size",
        "num_hidden_layers",
        "num_attention_heads",
    )
    with torch.device("meta"):
        model = BertModel(BertConfig(**{name: config[name] for name in names}))
    return sum(p.numel() for p in model.parameters())
