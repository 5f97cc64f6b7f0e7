# mistake: forgets metadata
# caught: check_leaks
# says: metadata, every form of a result
def leaks(notebook):
    def found(part):
        text = json.dumps(part).replace("\\u001b", "\x1b")
        return bool(re.search(r"hf_[A-Za-z0-9]{30,}", re.sub(r"\x1b\[[0-9;]*m", "", text)))

    return sorted(
        (n, part)
        for n, cell in enumerate(notebook["cells"])
        for part in ("source", "outputs")
        if found(cell.get(part, []))
    )
