# mistake: answers in words of its own
# caught: check_napkin
# says: your answer has ['far too low']
napkin = {
    "letters": "about right",
    "books": "far too low",
    "words": "too high",
    "top": "too high",
    "bottom": "too high",
    "recompute": "too low",
}
