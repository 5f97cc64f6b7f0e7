# why: Counter.most_common and a recursive replacement
def bpe_train(text, merges):
    def merge(ids, pair, new):
        at = 0
        made = []
        while at < len(ids):
            both = at + 1 < len(ids) and ids[at] == pair[0] and ids[at + 1] == pair[1]
            made.append(new if both else ids[at])
            at += 1 + both
        return made

    ids, learned = list(text.encode("utf-8")), []
    for number in range(merges):
        ranked = Counter(zip(ids, ids[1:])).most_common()
        if not ranked or ranked[0][1] < 2:
            return learned
        pair = min(pair for pair, times in ranked if times == ranked[0][1])
        learned.append(pair)
        ids = merge(ids, pair, 256 + number)
    return learned
