# mistake: answers in words of its own
# caught: check_napkin
# says: has another word
napkin = {
    "letters": "about right",
    "books": "far too low",
    "words": "too high",
    "top": "too high",
    "bottom": "too high",
    "recompute": "too low",
}
