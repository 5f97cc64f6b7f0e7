# mistake: accepts an overlap as large as the piece
# caught: check_chunks
# says: ValueError
def chunks(text: str, size: int, overlap: int) -> list[str]:
    """Overlapping pieces of `size` words that together hold every word of the text."""
    if overlap > size:
        raise ValueError(f"an overlap of {overlap} does not suit pieces of {size} words")
    words, pieces, start = text.split(), [], 0
    while start < len(words):
        pieces.append(" ".join(words[start : start + size]))
        if start + size >= len(words):
            break
        start += max(1, size - overlap)
    return pieces
