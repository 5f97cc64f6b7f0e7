# mistake: in the order of the Hub
# caught: check_to_fetch
# says: sorted
def to_fetch(have, remote):
    def same(content, entry):
        if entry["sha256"]:
            return hashlib.sha256(content).hexdigest() == entry["sha256"]
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() == entry["git"]

    return [name for name, entry in remote.items() if name not in have or not same(have[name], entry)][::-1]
