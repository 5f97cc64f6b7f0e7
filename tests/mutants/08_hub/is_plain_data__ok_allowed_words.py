# why: a list of words that are allowed
def is_plain_data(raw):
    kinds = (
        "INT",
        "BININT",
        "LONG",
        "BINLONG",
        "STRING",
        "BINSTRING",
        "UNICODE",
        "BINUNICODE",
        "FLOAT",
        "BINFLOAT",
        "BYTES",
        "BINBYTES",
        "NONE",
        "NEWTRUE",
        "NEWFALSE",
        "EMPTY",
        "TUPLE",
        "LIST",
        "DICT",
        "SET",
        "FROZENSET",
        "APPEND",
        "ADDITEMS",
        "MEMO",
        "PUT",
        "BINPUT",
        "LONG_BINPUT",
        "GET",
        "BINGET",
        "LONG_BINGET",
        "PROTO",
        "FRAME",
        "STOP",
        "MARK",
        "POP",
        "DUP",
        "SHORT_BIN",
        "BYTEARRAY",
    )
    try:
        names = [opcode.name for opcode, _, _ in pickletools.genops(raw)]
    except ValueError:
        return False
    return all(name.startswith(kinds) for name in names)
