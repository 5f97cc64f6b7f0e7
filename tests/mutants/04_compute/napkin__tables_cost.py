# mistake: counts looking up a row as a product
# caught: check_napkin
# says: which of the two tables takes part
napkin = {
    "letters": "about right",
    "books": "too low",
    "words": "about right",
    "top": "too high",
    "bottom": "too high",
    "recompute": "too low",
}
