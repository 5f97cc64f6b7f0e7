# mistake: returns the token with its place
# caught: check_leaks
# says: your answer
def leaks(notebook):
    places = []
    for number, cell in enumerate(notebook["cells"]):
        for part in ("source", "outputs", "metadata"):
            for token in re.findall(r"hf_[A-Za-z0-9]{30,}", json.dumps(cell.get(part, []))):
                places.append((number, part, token))
    return sorted(places)
