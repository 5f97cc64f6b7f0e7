# mistake: frozen parameters change nothing
# caught: check_napkin
# says: which products of the backward pass are left
napkin = {
    "letters": "about right",
    "books": "too low",
    "words": "too high",
    "top": "about right",
    "bottom": "about right",
    "recompute": "too low",
}
