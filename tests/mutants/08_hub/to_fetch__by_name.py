# mistake: fetches only what is missing
# caught: check_to_fetch
# says: other contents
def to_fetch(have, remote):
    return sorted(set(remote) - set(have))
