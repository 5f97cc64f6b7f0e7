# why: merges the pair of the lowest rank, again and again
def bpe_encode(text, merges):
    rank = {tuple(pair): number for number, pair in enumerate(merges)}
    ids = list(text.encode())
    while len(ids) > 1:
        best = min(zip(ids, ids[1:]), key=lambda pair: rank.get(pair, len(rank)))
        if best not in rank:
            break
        out = []
        for token in ids:
            if out and (out[-1], token) == best and out[-1] != -1:
                out[-1] = -1
                out.append(256 + rank[best])
            else:
                out.append(token)
        ids = [token for token in out if token != -1]
    return ids


def bpe_decode(ids, merges):
    def spelled(token):
        if token < 256:
            return bytes([token])
        left, right = merges[token - 256]
        return spelled(left) + spelled(right)

    return b"".join(map(spelled, ids)).decode("utf-8", "replace")
