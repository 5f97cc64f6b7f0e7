# why: with a range of starts
def chunks(text, size, overlap):
    if overlap < 0 or overlap >= size:
        raise ValueError("overlap")
    words = text.split()
    if not words:
        return []
    step = size - overlap
    last = max(0, -(-(len(words) - size) // step))
    return [" ".join(words[n * step : n * step + size]) for n in range(last + 1)]
