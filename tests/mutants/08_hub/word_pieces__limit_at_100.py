# mistake: refuses 100 characters, too
# caught: check_word_pieces
# says: the limit is more than 100
def word_pieces(word, vocabulary):
    if len(word) >= 100:
        return ["[UNK]"]
    pieces, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                break
        else:
            return ["[UNK]"]
        pieces.append(piece)
        start = end
    return pieces
