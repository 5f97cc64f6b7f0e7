# mistake: windows of context + 1 that share no token
# caught: check_document_windows
# says: expected
def document_windows(lengths, context):
    starts, begin = [], 0
    for length in lengths:
        starts += [begin + n * (context + 1) for n in range(length // (context + 1))]
        begin += length
    return starts
