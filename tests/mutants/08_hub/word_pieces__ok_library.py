# why: asks the library's own model
def word_pieces(word, vocabulary):
    from tokenizers.models import WordPiece

    table = {piece: n for n, piece in enumerate(sorted(set(vocabulary) | {"[UNK]"}))}
    return [token.value for token in WordPiece(table, unk_token="[UNK]", max_input_chars_per_word=100).tokenize(word)]
