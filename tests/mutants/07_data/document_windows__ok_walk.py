# why: walks along each document
def document_windows(lengths, context):
    starts, end = [], 0
    for length in lengths:
        place, end = end, end + length
        while place + context < end:
            starts.append(place)
            place += context
    return starts
