# mistake: looks for the words in the bytes
# caught: check_is_plain_data
# says: go by the instructions, not by the bytes
def is_plain_data(raw):
    return not any(word in raw for word in (b"REDUCE", b"GLOBAL", b"builtins", b"os"))
