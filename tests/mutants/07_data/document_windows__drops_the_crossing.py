# mistake: cuts the whole file and drops what crosses a border
# caught: check_document_windows
# says: begin at its first token
def document_windows(lengths, context):
    owner = [n for n, length in enumerate(lengths) for _ in range(length)]
    return [start for start in range(0, len(owner) - context, context) if owner[start] == owner[start + context]]
