# mistake: compares git's fingerprint for large files, too
# caught: check_to_fetch
# says: a large file goes by sha256
def to_fetch(have, remote):
    def same(content, entry):
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() == entry["git"]

    return sorted(name for name, entry in remote.items() if name not in have or not same(have[name], entry))
