# mistake: returns the k nearest chunks, whatever their passage
# caught: check_search
# says: each passage once
def make_search(passages, embed, size, overlap):
    pieces = [
        (page["id"], f"{page['title']}. {piece}")
        for page in passages
        for piece in chunks(page["text"], size, overlap)
    ]
    index = build_index(embed([text for _, text in pieces]))

    def search(question, k):
        return [(*pieces[row], score) for row, score in nearest(index, embed([question])[0], k)]

    return search
