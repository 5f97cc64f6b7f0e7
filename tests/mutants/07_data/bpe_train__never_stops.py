# mistake: merges pairs that occur once
# caught: check_bpe_train
# says: stop when the best pair occurs only once
def bpe_train(text, merges):
    ids, learned = list(text.encode()), []
    while len(learned) < merges:
        counts = Counter(zip(ids, ids[1:]))
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < 1:
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
