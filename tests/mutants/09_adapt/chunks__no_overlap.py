# mistake: forgets the overlap
# caught: check_chunks
# says: 7 words, size 4, overlap 2
def chunks(text: str, size: int, overlap: int) -> list[str]:
    """Overlapping pieces of `size` words that together hold every word of the text."""
    if not 0 <= overlap < size:
        raise ValueError(f"an overlap of {overlap} does not suit pieces of {size} words")
    words, pieces, start = text.split(), [], 0
    while start < len(words):
        pieces.append(" ".join(words[start : start + size]))
        if start + size >= len(words):
            break
        start += size
    return pieces
