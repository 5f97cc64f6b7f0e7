# mistake: counts characters for bytes
# caught: check_to_fetch
# says: the size is in bytes
def to_fetch(have, remote):
    def same(content, entry):
        if entry["sha256"]:
            return hashlib.sha256(content).hexdigest() == entry["sha256"]
        return (
            hashlib.sha1(b"blob %d\0" % len(content.decode("utf-8", "replace")) + content).hexdigest() == entry["git"]
        )

    return sorted(name for name, entry in remote.items() if name not in have or not same(have[name], entry))
