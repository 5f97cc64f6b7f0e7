# mistake: takes characters for bytes
# caught: check_bpe_encode
# says: bpe_encode
def bpe_encode(text, merges):
    ids = [ord(letter) for letter in text]
    for number, pair in enumerate(merges):
        out, i = [], 0
        while i < len(ids):
            if tuple(ids[i : i + 2]) == tuple(pair):
                out.append(256 + number)
                i += 2
            else:
                out.append(ids[i])
                i += 1
        ids = out
    return ids


def bpe_decode(ids, merges):
    table = {n: bytes([n]) for n in range(256)}
    for number, (left, right) in enumerate(merges):
        table[256 + number] = table[left] + table[right]
    return b"".join(table[n] for n in ids).decode("utf-8", errors="replace")
