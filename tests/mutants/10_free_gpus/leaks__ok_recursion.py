# why: by recursion, each text by itself
def texts(part):
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from texts(value)


def leaks(notebook):
    def found(part):
        plain = (re.sub("\x1b[^m]*m", "", text) for text in texts(part))
        return any(re.search("hf_[0-9a-zA-Z]{30}", text) for text in plain)

    places = set()
    if found(notebook.get("metadata")):
        places.add((-1, "metadata"))
    for number, cell in enumerate(notebook["cells"]):
        for part in ("metadata", "outputs", "source"):
            if found(cell.get(part)):
                places.add((number, part))
    return sorted(places)
