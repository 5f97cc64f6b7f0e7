# mistake: looks at the source alone
# caught: check_leaks
# says: expected
def leaks(notebook):
    places = []
    for number, cell in enumerate(notebook["cells"]):
        if re.search(r"hf_[A-Za-z0-9]{30,}", "".join(cell["source"])):
            places.append((number, "source"))
    return places
