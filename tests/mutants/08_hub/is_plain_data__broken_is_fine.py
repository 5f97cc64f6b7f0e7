# mistake: takes what is no pickle for data
# caught: check_is_plain_data
# says: no pickle
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
    try:
        return all(opcode.name not in acts for opcode, _, _ in pickletools.genops(raw))
    except Exception:
        return True
