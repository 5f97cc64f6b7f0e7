# mistake: knows only the bytes of the corpus
# caught: check_train_library
# says: <end> and the 256 bytes count, too
def train_library(corpus, vocabulary):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=["<end>"], show_progress=False)
    tokenizer.train_from_iterator(corpus, trainer)
    return tokenizer
