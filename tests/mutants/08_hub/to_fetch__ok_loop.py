# why: a loop, and a hash that is fed twice
def to_fetch(have, remote):
    names = []
    for name in sorted(remote):
        content, entry = have.get(name), remote[name]
        if content is not None:
            digest = hashlib.sha256() if entry["sha256"] else hashlib.sha1(f"blob {len(content)}\0".encode())
            digest.update(content)
            if digest.hexdigest() == (entry["sha256"] or entry["git"]):
                continue
        names.append(name)
    return names
