# mistake: cuts the whole file as if it were one text
# caught: check_document_windows
# says: expected
def document_windows(lengths, context):
    return [n * context for n in range((sum(lengths) - 1) // context)]
