# mistake: counts every second pair only
# caught: check_bpe_train
# says: bpe_train
def bpe_train(text, merges):
    ids, learned = list(text.encode()), []
    while len(learned) < merges:
        counts = Counter(zip(ids[::2], ids[1::2]))
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
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
