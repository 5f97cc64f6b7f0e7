# mistake: lets the error of a broken pickle through
# caught: check_is_plain_data
# says: opcode
def is_plain_data(raw):
    acts = {
        "GLOBAL",
        "STACK_GLOBAL",
        "REDUCE",
        "INST",
        "OBJ",
        "NEWOBJ",
        "NEWOBJ_EX",
        "BUILD",
        "EXT1",
        "EXT2",
        "EXT4",
        "PERSID",
        "BINPERSID",
    }
    return all(opcode.name not in acts for opcode, _, _ in pickletools.genops(raw))
