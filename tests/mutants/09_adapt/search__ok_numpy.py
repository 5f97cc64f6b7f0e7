# why: a wider index of chunks, searched in numpy, and the best chunk of each passage by sorting
def make_search(passages, embed, size, overlap):
    table = []
    for page in passages:
        for piece in chunks(page["text"], size, overlap):
            table.append({"id": page["id"], "text": f"{page['title']}. {piece}"})
    index = build_index(embed([row["text"] for row in table]))

    def search(question, k=3):
        hits = nearest(index, embed([question])[0], len(table))
        best = {}
        for row, cosine in hits:
            name = table[row]["id"]
            if name not in best or cosine > best[name][2]:
                best[name] = (name, table[row]["text"], cosine)
        return sorted(best.values(), key=lambda hit: -hit[2])[:k]

    return search
