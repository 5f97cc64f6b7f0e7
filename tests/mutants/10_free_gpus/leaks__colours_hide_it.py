# mistake: does not take colours out
# caught: check_leaks
# says: are they taken out before the search
def leaks(notebook):
    def found(part):
        return bool(re.search(r"hf_[A-Za-z0-9]{30,}", json.dumps(part)))

    places = [(-1, "metadata")] if found(notebook["metadata"]) else []
    for number, cell in enumerate(notebook["cells"]):
        places += [(number, part) for part in ("source", "outputs", "metadata") if found(cell.get(part, []))]
    return sorted(places)
