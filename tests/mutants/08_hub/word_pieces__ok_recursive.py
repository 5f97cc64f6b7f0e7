# why: by recursion
def word_pieces(word, vocabulary):
    def cut(rest, mark):
        if not rest:
            return []
        end = next((n for n in range(len(rest), 0, -1) if mark + rest[:n] in vocabulary), 0)
        if not end:
            return None
        after = cut(rest[end:], "##")
        return None if after is None else [mark + rest[:end]] + after

    return (cut(word, "") if len(word) <= 100 else None) or ["[UNK]"]
