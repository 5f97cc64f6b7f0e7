# mistake: leaves no room for the last target
# caught: check_document_windows
# says: the targets reach one token further
def document_windows(lengths, context):
    starts, begin = [], 0
    for length in lengths:
        starts += [begin + n * context for n in range(length // context)]
        begin += length
    return starts
