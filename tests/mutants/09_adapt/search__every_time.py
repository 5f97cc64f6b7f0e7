# mistake: embeds all chunks at each question
# caught: check_search
# says: one a question
def make_search(passages, embed, size, overlap):
    pieces = [
        (page["id"], f"{page['title']}. {piece}")
        for page in passages
        for piece in chunks(page["text"], size, overlap)
    ]

    def search(question, k):
        index = build_index(embed([text for _, text in pieces]))
        best = {}
        for row, score in nearest(index, embed([question])[0], len(pieces)):
            best.setdefault(pieces[row][0], (*pieces[row], score))
        return list(best.values())[:k]

    return search
