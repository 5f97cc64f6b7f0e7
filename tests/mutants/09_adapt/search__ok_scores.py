# why: scores of all chunks, then the maximum for each passage
def make_search(passages, embed, size, overlap):
    owners, texts = [], []
    for page in passages:
        for piece in chunks(page["text"], size, overlap):
            owners.append(page["id"])
            texts.append(page["title"] + ". " + piece)
    index = build_index(embed(texts))

    def search(question, k):
        found, seen = [], set()
        for row, cosine in nearest(index, embed([question])[0], index.ntotal):
            if owners[row] not in seen:
                seen.add(owners[row])
                found.append((owners[row], texts[row], cosine))
            if len(found) == k:
                break
        return found

    return search
