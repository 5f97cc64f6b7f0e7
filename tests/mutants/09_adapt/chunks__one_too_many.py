# mistake: adds a piece that lies wholly within the one before
# caught: check_chunks
# says: lies wholly within the one before
def chunks(text: str, size: int, overlap: int) -> list[str]:
    """Overlapping pieces of `size` words that together hold every word of the text."""
    if not 0 <= overlap < size:
        raise ValueError(f"an overlap of {overlap} does not suit pieces of {size} words")
    words, pieces, start = text.split(), [], 0
    while start < len(words):
        pieces.append(" ".join(words[start : start + size]))
        start += size - overlap
    return pieces
