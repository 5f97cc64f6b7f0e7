# mistake: keeps the first chunk of each passage only
# caught: check_search
# says: is every chunk of a passage in the index
def make_search(passages: list[dict], embed, size: int, overlap: int):
    """A function search(question, k) -> [(passage id, chunk, cosine)], best first, each passage once."""
    pieces = [
        (page["id"], f"{page['title']}. {piece}")
        for page in passages
        for piece in chunks(page["text"], size, overlap)[:1]
    ]
    index = build_index(embed([text for _, text in pieces]))

    def search(question, k):
        best = {}
        for row, score in nearest(index, embed([question])[0], len(pieces)):
            best.setdefault(pieces[row][0], (*pieces[row], score))
        return list(best.values())[:k]

    return search
