# mistake: compares sizes
# caught: check_to_fetch
# says: not the size
def to_fetch(have, remote):
    return sorted(name for name, entry in remote.items() if name not in have or len(have[name]) != entry["size"])
