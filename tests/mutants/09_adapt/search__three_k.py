# mistake: asks for 3 k chunks and hopes
# caught: check_search
# says: crowd out
def make_search(passages: list[dict], embed, size: int, overlap: int):
    """A function search(question, k) -> [(passage id, chunk, cosine)], best first, each passage once."""
    pieces = [
        (page["id"], f"{page['title']}. {piece}")
        for page in passages
        for piece in chunks(page["text"], size, overlap)
    ]
    index = build_index(embed([text for _, text in pieces]))

    def search(question, k):
        best = {}
        for row, score in nearest(index, embed([question])[0], 3 * k):
            best.setdefault(pieces[row][0], (*pieces[row], score))
        return list(best.values())[:k]

    return search
