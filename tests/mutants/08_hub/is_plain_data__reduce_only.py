# mistake: looks for REDUCE only
# caught: check_is_plain_data
# says: go by the instruction's name
def is_plain_data(raw):
    acts = {"REDUCE"}
    try:
        return all(opcode.name not in acts for opcode, _, _ in pickletools.genops(raw))
    except Exception:
        return False
