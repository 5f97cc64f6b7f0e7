# mistake: returns all passages, the best first, whatever k is
# caught: check_search, check_search__held_out
# says: at most 3 passages where 3 are asked for
def make_search(passages, embed, size, overlap):
    pieces = []
    for page in passages:
        pieces += [(page["id"], f"{page['title']}. {piece}") for piece in chunks(page["text"], size, overlap)]
    index = build_index(embed([text for _, text in pieces]))

    def search(question, k):
        best = {}
        for row, score in nearest(index, embed([question])[0], len(pieces)):
            best.setdefault(pieces[row][0], (*pieces[row], score))
        return list(best.values())

    return search
