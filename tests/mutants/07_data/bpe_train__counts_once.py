# mistake: counts only once, at the beginning
# caught: check_bpe_train
# says: bpe_train
def bpe_train(text, merges):
    ids = list(text.encode())
    counts = Counter(zip(ids, ids[1:]))
    ranked = sorted(counts, key=lambda pair: (-counts[pair], pair))
    return [pair for pair in ranked if counts[pair] >= 2][:merges]
