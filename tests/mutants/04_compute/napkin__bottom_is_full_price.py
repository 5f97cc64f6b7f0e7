# mistake: frozen layers above a trained one cost as much as trained ones
# caught: check_napkin
# says: which product of the two can be left out
napkin = {
    "letters": "about right",
    "books": "too low",
    "words": "too high",
    "top": "too high",
    "bottom": "about right",
    "recompute": "too low",
}
