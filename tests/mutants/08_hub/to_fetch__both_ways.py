# mistake: fetches what is here only, too
# caught: check_to_fetch
# says: what is not on the Hub is left alone
def to_fetch(have, remote):
    def same(content, entry):
        if entry["sha256"]:
            return hashlib.sha256(content).hexdigest() == entry["sha256"]
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() == entry["git"]

    return sorted(
        [name for name in have if name not in remote]
        + [name for name, entry in remote.items() if name not in have or not same(have[name], entry)]
    )
