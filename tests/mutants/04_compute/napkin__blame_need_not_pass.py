# mistake: turns high and low round
# caught: check_napkin
# says: Not right
napkin = {
    "letters": "about right",
    "books": "too high",
    "words": "too low",
    "top": "too low",
    "bottom": "too low",
    "recompute": "too high",
}
