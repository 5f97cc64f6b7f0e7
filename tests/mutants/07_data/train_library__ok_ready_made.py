# why: the library's own ready-made class
def train_library(corpus, vocabulary):
    from tokenizers.implementations import ByteLevelBPETokenizer

    made = ByteLevelBPETokenizer()
    made.train_from_iterator(corpus, vocab_size=vocabulary,
        min_frequency=1, special_tokens=["<end>"], show_progress=False)
    return made._tokenizer
