# mistake: tries another cut where the longest piece leads nowhere
# caught: check_word_pieces
# says: there is no way back
def word_pieces(word, vocabulary):
    def cut(start):
        if start == len(word):
            return []
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary and (rest := cut(end)) is not None:
                return [piece, *rest]
        return None

    found = cut(0) if len(word) <= 100 else None
    return ["[UNK]"] if found is None else found
