# mistake: counts from each document's beginning
# caught: check_document_windows
# says: expected
def document_windows(lengths, context):
    return [n * context for length in lengths for n in range((length - 1) // context)]
