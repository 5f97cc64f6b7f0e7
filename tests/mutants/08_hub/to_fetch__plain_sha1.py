# mistake: forgets git's header
# caught: check_to_fetch
# says: a small file's fingerprint is git's
def to_fetch(have, remote):
    def same(content, entry):
        if entry["sha256"]:
            return hashlib.sha256(content).hexdigest() == entry["sha256"]
        return hashlib.sha1(content).hexdigest() == entry["git"]

    return sorted(name for name, entry in remote.items() if name not in have or not same(have[name], entry))
