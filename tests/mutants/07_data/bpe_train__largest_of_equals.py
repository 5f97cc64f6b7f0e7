# mistake: takes the largest of equally frequent pairs
# caught: check_bpe_train
# says: the smallest wins
def bpe_train(text, merges):
    ids, learned = list(text.encode()), []
    while len(learned) < merges:
        counts = Counter(zip(ids, ids[1:]))
        best = min(counts, key=lambda pair: (-counts[pair], -pair[0], -pair[1]), default=None)
        if best is None or counts[best] < 2:
            break
        out, i = [], 0
        while i < len(ids):
            if tuple(ids[i : i + 2]) == best:
                out.append(256 + len(learned))
                i += 2
            else:
                out.append(ids[i])
                i += 1
        ids = out
        learned.append(best)
    return learned
