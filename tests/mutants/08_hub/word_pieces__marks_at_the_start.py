# mistake: lets a ## piece stand at the beginning
# caught: check_word_pieces
# says: a ##piece does not stand at a word's beginning
def word_pieces(word, vocabulary):
    if len(word) > 100:
        return ["[UNK]"]
    pieces, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary or "##" + piece in vocabulary:
                piece = piece if piece in vocabulary else "##" + piece
                break
        else:
            return ["[UNK]"]
        pieces.append(piece)
        start = end
    return pieces
