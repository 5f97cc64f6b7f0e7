# why: with loops
def recall_at_k(found, relevant, k):
    total, count = 0.0, 0
    for got, right in zip(found, relevant):
        if len(right) == 0:
            continue
        first = got[:k]
        total += sum(1 for one in set(right) if one in first) / len(set(right))
        count += 1
    if count == 0:
        raise ValueError("no question has an answer")
    return total / count
