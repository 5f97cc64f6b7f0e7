# mistake: takes every hf_ for a token
# caught: check_leaks
# says: your answer
def leaks(notebook):
    def found(part):
        return "hf_" in json.dumps(part)

    places = [(-1, "metadata")] if found(notebook["metadata"]) else []
    for number, cell in enumerate(notebook["cells"]):
        places += [(number, part) for part in ("source", "outputs", "metadata") if found(cell.get(part, []))]
    return sorted(places)
